-- The statements named pretest_… like those of attempt.sql have the same columns (attempt_sheet.h).

-- name: pretest_by_uuid
SELECT p.id, p.person, 0, p.form, p.started_at, p.submitted_at, 0, 0, p.enrolment, p.publication,
       EXISTS (SELECT 1 FROM practice_step s WHERE s.enrolment = p.enrolment)
       OR EXISTS (SELECT 1 FROM case_step s WHERE s.enrolment = p.enrolment)
       OR EXISTS (SELECT 1 FROM attempt t WHERE t.enrolment = p.enrolment) AS overtaken
FROM pretest p
WHERE p.uuid = $1 AND p.person = $2

-- name: pretest_for_answer
SELECT p.id, p.publication, p.submitted_at, p.form,
       EXISTS (SELECT 1 FROM practice_step s WHERE s.enrolment = p.enrolment)
       OR EXISTS (SELECT 1 FROM case_step s WHERE s.enrolment = p.enrolment)
       OR EXISTS (SELECT 1 FROM attempt t WHERE t.enrolment = p.enrolment) AS overtaken
FROM pretest p WHERE p.uuid = $1 AND p.person = $2

-- name: pretest_step_insert
INSERT INTO pretest_step (pretest, op_id, id, place, item_version, answer, mark, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)

-- name: pretest_steps
SELECT op_id, id, place, answer, recorded_at, mark FROM pretest_step WHERE pretest = $1

-- name: pretest_state
SELECT p.uuid, p.submitted_at, e.base_publication,
       EXISTS (SELECT 1 FROM practice_step s WHERE s.enrolment = e.id)
       OR EXISTS (SELECT 1 FROM case_step s WHERE s.enrolment = e.id)
       OR EXISTS (SELECT 1 FROM attempt t WHERE t.enrolment = e.id) AS overtaken
FROM enrolment e LEFT JOIN pretest p ON p.enrolment = e.id
WHERE e.id = $1

-- name: pretest_skipped
SELECT COUNT(*) FROM pretest_skip WHERE person = $1 AND course = $2

-- name: pretest_insert
INSERT INTO pretest (uuid, enrolment, person, publication, form, item_count, started_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)

-- name: pretest_skip_insert
INSERT INTO pretest_skip (person, course, skipped_at) VALUES ($1, $2, $3)
ON CONFLICT (person, course) DO NOTHING

-- name: pretest_submit
UPDATE pretest SET submitted_at = $2 WHERE id = $1 AND submitted_at IS NULL

-- name: pretest_form
SELECT form FROM pretest WHERE enrolment = $1

-- name: pretest_of_enrolment
SELECT uuid FROM pretest WHERE enrolment = $1 AND submitted_at IS NOT NULL

-- name: pretest_first_checks
-- scan: every pre-test of a course and the learner's first check
SELECT p.id, p.form, p.publication, a.id, a.form, a.publication
FROM pretest p
JOIN enrolment e ON e.id = p.enrolment
JOIN attempt a ON a.enrolment = p.enrolment
WHERE e.course = $1 AND p.submitted_at IS NOT NULL
  AND a.number = (SELECT MIN(f.number) FROM attempt f
                  WHERE f.enrolment = p.enrolment AND f.submitted_at IS NOT NULL)
ORDER BY p.uuid
