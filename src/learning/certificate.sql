-- name: status_complete
UPDATE status_now SET done_at = $3, by_assessment = $4, done_publication = $5
WHERE person = $1 AND course = $2 AND done_at IS NULL

-- name: list_current
-- scan: stops at the first row from the end
SELECT id, used FROM status_list ORDER BY id DESC LIMIT 1

-- name: list_open
INSERT INTO status_list (opened_at) VALUES ($1)

-- name: list_count_use
UPDATE status_list SET used = used + 1 WHERE id = $1

-- name: list_exists
SELECT COUNT(*) FROM status_list WHERE id = $1

-- name: index_taken
SELECT COUNT(*) FROM certificate WHERE status_list = $1 AND status_index = $2

-- name: certificate_exists
SELECT COUNT(*) FROM certificate WHERE enrolment = $1

-- name: certificate_insert
INSERT INTO certificate (uuid, token, person, enrolment, key_id, status_list, status_index, earned_at,
                         issued_at, bytes, sha256)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)

-- name: key_note
INSERT INTO signing_key (id, created_at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING

-- name: pending_upsert
INSERT INTO certificate_pending (enrolment, reason, recorded_at) VALUES ($1, $2, $3)
ON CONFLICT (enrolment) DO UPDATE SET reason = excluded.reason
WHERE certificate_pending.reason <> excluded.reason

-- name: pending_delete
DELETE FROM certificate_pending WHERE enrolment = $1

-- name: pending_next
SELECT p.enrolment FROM certificate_pending p WHERE p.enrolment > $1 ORDER BY p.enrolment LIMIT 1

-- name: certificate_by_token
SELECT c.id, c.person, c.uuid, c.token, COALESCE(s.done_publication, e.publication), c.earned_at, c.issued_at, s.by_assessment,
       c.bytes, c.status_list, c.status_index
FROM certificate c
JOIN enrolment e ON e.id = c.enrolment
JOIN status_now s ON s.person = e.person AND s.course = e.course
WHERE c.token = $1

-- name: certificates_of
SELECT c.id, c.person, c.uuid, c.token, COALESCE(s.done_publication, e.publication), c.earned_at, c.issued_at, s.by_assessment,
       c.bytes, c.status_list, c.status_index
FROM certificate c
JOIN enrolment e ON e.id = c.enrolment
JOIN status_now s ON s.person = e.person AND s.course = e.course
WHERE c.person = $1 ORDER BY c.id DESC

-- name: certificates_all
-- scan: every stored certificate is being proved
SELECT uuid, bytes, sha256 FROM certificate ORDER BY id
