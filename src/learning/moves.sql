-- name: publications_after
SELECT id, change_kind FROM publication WHERE course = $1 AND id > $2 ORDER BY id
