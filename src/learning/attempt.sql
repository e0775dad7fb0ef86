-- name: attempt_open
SELECT uuid FROM attempt WHERE enrolment = $1 AND submitted_at IS NULL

-- name: attempt_count
SELECT COUNT(*) FROM attempt WHERE enrolment = $1

-- name: attempt_insert
INSERT INTO attempt (uuid, enrolment, person, publication, number, form, item_count, started_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)

-- name: attempt_by_uuid
SELECT id, person, number, form, started_at, submitted_at, right_count, passed, enrolment,
       publication, 0
FROM attempt WHERE uuid = $1 AND person = $2

-- name: attempt_for_answer
SELECT id, publication, submitted_at, form, 0 FROM attempt WHERE uuid = $1 AND person = $2

-- name: item_version
SELECT id FROM item_version WHERE item_hash = $1 AND item = $2

-- name: item_version_insert
INSERT INTO item_version (item_hash, item) VALUES ($1, $2)

-- name: step_insert
INSERT INTO attempt_step (attempt, op_id, id, place, item_version, answer, mark, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)

-- name: steps
SELECT op_id, id, place, answer, recorded_at, mark FROM attempt_step WHERE attempt = $1

-- name: step_latest
SELECT MAX(recorded_at) FROM attempt_step WHERE attempt = $1

-- name: attempt_submit
UPDATE attempt SET submitted_at = $2, mark = $3, right_count = $4, passed = $5
WHERE id = $1 AND submitted_at IS NULL

-- name: attempt_result
SELECT id, form, submitted_at, mark, right_count, passed FROM attempt WHERE uuid = $1

-- name: attempt_evidence
SELECT s.op_id, s.id, s.place, s.answer, s.recorded_at, s.mark, v.item, v.item_hash
FROM attempt_step s JOIN item_version v ON v.id = s.item_version
WHERE s.attempt = $1
