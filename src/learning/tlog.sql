-- name: log_tile_read
SELECT hashes FROM log_tile WHERE level = $1 AND number = $2

-- name: log_tile_write
INSERT INTO log_tile (level, number, hashes) VALUES ($1, $2, $3)
ON CONFLICT (level, number) DO UPDATE SET hashes = excluded.hashes

-- name: log_leaf_find
SELECT number FROM log_leaf WHERE sha256 = $1

-- name: log_leaf_write
INSERT INTO log_leaf (sha256, number) VALUES ($1, $2) ON CONFLICT (sha256) DO NOTHING

-- name: log_checkpoint_last
-- scan: stops at the first row from the end
SELECT size, note, published_at FROM log_checkpoint ORDER BY size DESC LIMIT 1

-- name: log_checkpoint_read
SELECT size, note, published_at FROM log_checkpoint WHERE size = $1

-- name: log_checkpoint_next
SELECT size, note, published_at FROM log_checkpoint WHERE size > $1 ORDER BY size LIMIT 1

-- name: log_checkpoint_write
INSERT INTO log_checkpoint (size, note, published_at) VALUES ($1, $2, $3)

-- name: log_key_note
INSERT INTO log_key (vkey, first_size) VALUES ($1, $2) ON CONFLICT (vkey) DO NOTHING

-- name: log_keys
-- scan: one row for each key the log has ever had
SELECT vkey FROM log_key ORDER BY first_size DESC, vkey LIMIT 16

-- name: log_leaves_after
SELECT id, sha256 FROM certificate WHERE id > $1 ORDER BY id LIMIT $2

-- name: log_leaves_all
-- scan: every stored certificate is being proved
SELECT id, uuid, sha256, bytes FROM certificate ORDER BY id
