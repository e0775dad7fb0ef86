-- name: update_insert
INSERT INTO enrolment (person, course, publication, base_publication, started_at, shuffle_seed)
VALUES ($1, $2, $3, $4, $5, $6)

-- name: publication_newest_id
SELECT MAX(id) FROM publication WHERE course = $1

-- name: publication_said
SELECT hash, note FROM publication WHERE id = $1

-- name: corrections_after
SELECT p.id, p.hash, p.note, p.published_at
FROM publication p
WHERE p.course = $1 AND p.id > $2 AND p.change_kind = 'correction'
  AND p.id > COALESCE((SELECT s.publication FROM correction_seen s
                       WHERE s.person = $3 AND s.course = $1), 0)
ORDER BY p.id DESC

-- name: corrections_put_away
INSERT INTO correction_seen (person, course, publication, seen_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (person, course) DO UPDATE
SET publication = excluded.publication, seen_at = excluded.seen_at
