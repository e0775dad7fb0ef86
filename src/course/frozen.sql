-- name: frozen_head
SELECT hash, bytes FROM publication WHERE id = $1

-- name: frozen_pieces
SELECT bytes FROM publication_piece WHERE hash = $1 ORDER BY number

-- name: frozen_piece_insert
INSERT INTO publication_piece (hash, number, bytes) VALUES ($1, $2, $3)
ON CONFLICT (hash, number) DO NOTHING

-- What a publishing that was refused or cut off has left; not that of $1, which is under way.
-- name: frozen_stray
-- scan: the pieces of the site's large publications, some dozens, when one more is published
SELECT k.id FROM publication_piece k
WHERE k.hash <> $1 AND NOT EXISTS (SELECT 1 FROM publication p WHERE p.hash = k.hash)
LIMIT 1

-- name: frozen_piece_delete
DELETE FROM publication_piece WHERE id = $1
