-- name: publication_insert
INSERT INTO publication (course, hash, version, title, change_kind, bytes, published_at, note,
                         published_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)

-- name: publication_history
SELECT id, hash, version, title, change_kind, note, published_at, published_by
FROM publication WHERE course = $1 ORDER BY id DESC

-- name: publication_id_by_hash
SELECT id FROM publication WHERE course = $1 AND hash = $2

-- name: publication_newest
SELECT max(id) FROM publication WHERE course = $1

-- name: publication_list
-- scan: one row for each publication of the site, some dozens, read when something was published
SELECT max(id) FROM publication GROUP BY course ORDER BY min(id)
