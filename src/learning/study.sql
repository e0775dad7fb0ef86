-- name: enrolment_of
SELECT e.id, e.person, e.publication, e.started_at, e.shuffle_seed, e.base_publication,
       CASE WHEN s.done_at IS NOT NULL THEN COALESCE(s.done_publication, e.publication) END,
       (SELECT MAX(p.id) FROM publication p WHERE p.course = e.course),
       CASE WHEN s.done_at IS NOT NULL
            THEN (SELECT MAX(d.id) FROM enrolment d
                  WHERE d.person = e.person AND d.course = e.course
                    AND d.base_publication IS NOT NULL) END,
       e.course
FROM status_now s JOIN enrolment e ON e.id = s.enrolment
WHERE s.person = $1 AND s.course = $2

-- The same columns, also of the reading of what is new.
-- name: enrolment_by_id
SELECT e.id, e.person, e.publication, e.started_at, e.shuffle_seed, e.base_publication,
       CASE WHEN e.base_publication IS NULL
            THEN CASE WHEN s.done_at IS NOT NULL THEN COALESCE(s.done_publication, e.publication) END
            ELSE (SELECT p.id FROM ledger l
                  JOIN publication p ON p.course = e.course AND p.hash = l.subject
                  WHERE l.enrolment = e.id AND l.kind = 'updated') END,
       (SELECT MAX(p.id) FROM publication p WHERE p.course = e.course),
       CASE WHEN s.done_at IS NOT NULL
            THEN (SELECT MAX(d.id) FROM enrolment d
                  WHERE d.person = e.person AND d.course = e.course
                    AND d.base_publication IS NOT NULL) END,
       e.course
FROM enrolment e LEFT JOIN status_now s ON s.person = e.person AND s.course = e.course
WHERE e.id = $1

-- name: enrolment_insert
INSERT INTO enrolment (person, course, publication, started_at, shuffle_seed)
VALUES ($1, $2, $3, $4, $5)

-- name: status_begin
INSERT INTO status_now (person, course, enrolment, started_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (person, course) DO NOTHING

-- name: enrolments_of
SELECT e.id, e.person, e.publication, e.started_at, e.shuffle_seed
FROM status_now s JOIN enrolment e ON e.id = s.enrolment
WHERE s.person = $1
ORDER BY e.id DESC

-- name: visit_upsert
INSERT INTO lesson_visit (enrolment, lesson, first_at, last_at) VALUES ($1, $2, $3, $3)
ON CONFLICT (enrolment, lesson) DO UPDATE SET last_at = excluded.last_at
WHERE lesson_visit.last_at < excluded.last_at

-- $4 the publication it is done under, $5 1: although it was done under an earlier one
-- name: visit_done
INSERT INTO lesson_visit (enrolment, lesson, first_at, last_at, done_at, done_publication)
VALUES ($1, $2, $3, $3, $3, $4)
ON CONFLICT (enrolment, lesson) DO UPDATE
SET last_at = excluded.last_at, done_at = excluded.done_at,
    done_publication = excluded.done_publication
WHERE lesson_visit.done_at IS NULL OR $5 = 1

-- name: visits_of
SELECT lesson, last_at, done_at, done_publication FROM lesson_visit WHERE enrolment = $1

-- name: visit_of
SELECT done_at, done_publication FROM lesson_visit WHERE enrolment = $1 AND lesson = $2

-- name: practice_insert
INSERT INTO practice_step (enrolment, item, item_hash, answer, mark, recorded_at, publication)
VALUES ($1, $2, $3, $4, $5, $6, $7)

-- name: practice_latest
SELECT answer, publication FROM practice_step
WHERE enrolment = $1 AND item = $2 ORDER BY id DESC LIMIT 1

-- name: case_insert
INSERT INTO case_step (enrolment, case_id, run, scene, choice, next_scene, recorded_at, kept,
                       publication)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)

-- name: case_path
SELECT run, scene, choice, next_scene, kept, publication FROM case_step
WHERE enrolment = $1 AND case_id = $2 ORDER BY run, id

-- name: ledger_subjects
SELECT kind, subject, evidence, earned_at FROM ledger WHERE enrolment = $1 AND kind = 'case'

-- name: ledger_has
SELECT COUNT(*) FROM ledger WHERE enrolment = $1 AND kind = $2 AND subject = $3

-- name: cases_touched
SELECT case_id, MAX(recorded_at) FROM case_step WHERE enrolment = $1 GROUP BY case_id

-- name: attempts_of
SELECT a.uuid, a.submitted_at, a.passed, a.right_count,
       COALESCE(a.submitted_at, a.started_at) AS touched_at, a.id
FROM attempt a WHERE a.enrolment = $1 ORDER BY a.number

-- name: status_of
SELECT done_at, by_assessment, valid_until FROM status_now WHERE person = $1 AND course = $2

-- name: certificate_state
SELECT c.token, p.reason, c.uuid
FROM enrolment e
LEFT JOIN certificate c ON c.enrolment = e.id AND c.current = 1
LEFT JOIN certificate_pending p ON p.enrolment = e.id
WHERE e.id = $1
