-- name: publications_after
SELECT id, change_kind, published_at FROM publication WHERE course = $1 AND id > $2 ORDER BY id
