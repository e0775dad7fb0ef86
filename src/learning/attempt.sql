-- name: attempt_open
SELECT uuid FROM attempt WHERE enrolment = $1 AND submitted_at IS NULL

-- name: attempt_count
SELECT COUNT(*) FROM attempt WHERE enrolment = $1

-- name: attempt_insert
INSERT INTO attempt (uuid, enrolment, person, publication, number, form, item_count, started_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)

-- name: attempt_by_uuid
SELECT a.id, a.person, a.number, a.form, a.started_at, a.submitted_at, a.right_count, a.passed,
       e.id, e.person, a.publication, e.started_at, e.shuffle_seed, 0
FROM attempt a JOIN enrolment e ON e.id = a.enrolment
WHERE a.uuid = $1 AND a.person = $2

-- name: attempt_for_answer
SELECT id, publication, submitted_at, form, 0 FROM attempt WHERE uuid = $1 AND person = $2

-- Its id is the time, or one more than the answer before when the clock did not go on.
-- name: step_insert
INSERT INTO attempt_step (attempt, op_id, item, item_hash, answer, mark, recorded_at, id)
VALUES ($1, $2, $3, $4, $5, $6, $7,
        CASE WHEN (SELECT MAX(id) FROM attempt_step WHERE attempt = $1 AND item = $3) >= $7
             THEN (SELECT MAX(id) FROM attempt_step WHERE attempt = $1 AND item = $3) + 1
             ELSE $7 END)

-- name: step_by_operation
SELECT item, answer, recorded_at FROM attempt_step WHERE attempt = $1 AND op_id = $2

-- name: step_standing
SELECT answer, recorded_at, mark FROM attempt_step WHERE attempt = $1 AND item = $2
ORDER BY id DESC LIMIT 1

-- name: step_first
SELECT item, answer, recorded_at, mark FROM attempt_step WHERE attempt = $1
ORDER BY item, id LIMIT $2

-- name: attempt_submit
UPDATE attempt SET submitted_at = $2, mark = $3, right_count = $4, passed = $5
WHERE id = $1 AND submitted_at IS NULL

-- name: attempt_evidence
SELECT a.form, a.submitted_at, a.mark, a.right_count, a.passed,
       s.id, s.op_id, s.item, s.item_hash, s.answer, s.mark, s.recorded_at
FROM attempt a LEFT JOIN attempt_step s ON s.attempt = a.id
WHERE a.uuid = $1 ORDER BY s.id, s.item
