-- name: answer_read_until
SELECT read_at FROM answer_read WHERE person = $1 AND place = $2

-- name: answer_read_note
INSERT INTO answer_read (person, place, read_at) VALUES ($1, $2, $3)
ON CONFLICT (person, place) DO UPDATE SET read_at = excluded.read_at
WHERE answer_read.read_at < excluded.read_at
