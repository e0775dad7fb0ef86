-- The deletion of an account (erasure.h). First what may be deleted and what hangs on it.

-- name: erasure_tally
SELECT (SELECT COUNT(*) FROM status_now s WHERE s.person = $1 AND s.done_at IS NOT NULL),
       (SELECT COUNT(*) FROM certificate c WHERE c.person = $1),
       (SELECT COUNT(*) FROM enrolment e JOIN certificate_pending w ON w.enrolment = e.id WHERE e.person = $1),
       (SELECT COUNT(*) FROM reflection r WHERE r.person = $1),
       (SELECT COUNT(*) FROM commitment m WHERE m.person = $1),
       (SELECT COUNT(*) FROM challenge k WHERE k.person = $1),
       (SELECT COUNT(*) FROM draft d WHERE d.owner = $1)

-- Of the roles that somebody has at $2, those that nobody else has.
-- name: erasure_last_of
-- scan: all grants, once for a deletion: few people have one
SELECT DISTINCT g.role, d.name
FROM role_grant g LEFT JOIN department d ON d.id = g.department
WHERE g.person = $1 AND g.superseded_by IS NULL AND g.valid_from <= $2
  AND (g.valid_to IS NULL OR g.valid_to > $2)
  AND NOT EXISTS (SELECT 1 FROM role_grant o
                  WHERE o.role = g.role AND o.person <> g.person AND o.superseded_by IS NULL
                    AND COALESCE(o.department, 0) = COALESCE(g.department, 0)
                    AND o.valid_from <= $2 AND (o.valid_to IS NULL OR o.valid_to > $2))
ORDER BY g.role, d.name

-- name: erasure_identity
SELECT name, certificate_name, email, external_id FROM person WHERE id = $1

-- ---- at once ----

-- name: erase_person
UPDATE person
SET name = $3, sort_name = $4, email = NULL, external_id = NULL, certificate_name = NULL,
    certificate_name_at = NULL, profession = NULL, discipline = NULL, setting = NULL,
    password_hash = NULL, erased_at = $2
WHERE id = $1 AND erased_at IS NULL

-- name: erase_emails
DELETE FROM person_email WHERE person = $1

-- name: erase_sessions
DELETE FROM session WHERE person = $1

-- name: erase_signin_links
DELETE FROM signin_link WHERE person = $1

-- name: erase_pending
DELETE FROM certificate_pending WHERE enrolment IN (SELECT e.id FROM enrolment e WHERE e.person = $1)

-- name: erase_review_links
-- scan: all review links, once for a deletion: some dozens
UPDATE review_link SET withdrawn_at = $2
WHERE made_by = $1 AND withdrawn_at IS NULL AND expires_at > $2

-- name: erase_titles
UPDATE appointment SET title = $2 WHERE person = $1

-- name: erasure_note
INSERT INTO erasure_due (person, since) VALUES ($1, $2) ON CONFLICT (person) DO NOTHING

-- name: erasures_noted
-- scan: deletions of the last minutes, or that were cut short
SELECT person, since FROM erasure_due ORDER BY person

-- name: erasure_done
DELETE FROM erasure_due WHERE person = $1

-- ---- piece by piece: $2 is how many rows at most ----

-- name: erase_reflections
DELETE FROM reflection WHERE id IN (SELECT r.id FROM reflection r WHERE r.person = $1 LIMIT $2)

-- name: erase_commitment_checks
DELETE FROM commitment_check
WHERE id IN (SELECT k.id FROM commitment m JOIN commitment_check k ON k.commitment = m.id
             WHERE m.person = $1 LIMIT $2)

-- name: erase_commitments
DELETE FROM commitment
WHERE id IN (SELECT m.id FROM commitment m
             WHERE m.person = $1
               AND NOT EXISTS (SELECT 1 FROM commitment_check k WHERE k.commitment = m.id) LIMIT $2)

-- name: erase_follow_up_steps
DELETE FROM follow_up_step
WHERE id IN (SELECT s.id FROM follow_up f JOIN follow_up_step s ON s.follow_up = f.id
             WHERE f.person = $1 LIMIT $2)

-- name: erase_follow_up_items
DELETE FROM follow_up_item
WHERE (follow_up, place) IN (SELECT i.follow_up, i.place
                             FROM follow_up f JOIN follow_up_item i ON i.follow_up = f.id
                             WHERE f.person = $1 LIMIT $2)

-- name: erase_follow_up_events
DELETE FROM follow_up_event
WHERE id IN (SELECT v.id FROM follow_up_event v WHERE v.person = $1 LIMIT $2)

-- name: erase_follow_ups
DELETE FROM follow_up
WHERE id IN (SELECT f.id FROM follow_up f
             WHERE f.person = $1
               AND NOT EXISTS (SELECT 1 FROM follow_up_step s WHERE s.follow_up = f.id)
               AND NOT EXISTS (SELECT 1 FROM follow_up_item i WHERE i.follow_up = f.id)
               AND NOT EXISTS (SELECT 1 FROM follow_up_event v WHERE v.follow_up = f.id) LIMIT $2)

-- name: erase_practice
DELETE FROM practice_step
WHERE id IN (SELECT s.id FROM enrolment e JOIN practice_step s ON s.enrolment = e.id
             WHERE e.person = $1 LIMIT $2)

-- name: erase_case_steps
DELETE FROM case_step
WHERE id IN (SELECT s.id FROM enrolment e JOIN case_step s ON s.enrolment = e.id
             WHERE e.person = $1 LIMIT $2)

-- name: erase_visits
DELETE FROM lesson_visit
WHERE (enrolment, lesson) IN (SELECT v.enrolment, v.lesson
                              FROM enrolment e JOIN lesson_visit v ON v.enrolment = e.id
                              WHERE e.person = $1 LIMIT $2)

-- name: erase_minutes
DELETE FROM active_minute
WHERE (enrolment, minute) IN (SELECT m.enrolment, m.minute
                              FROM enrolment e JOIN active_minute m ON m.enrolment = e.id
                              WHERE e.person = $1 LIMIT $2)

-- What was not handed in proves nothing.
-- name: erase_open_steps
DELETE FROM attempt_step
WHERE (attempt, op_id) IN (SELECT s.attempt, s.op_id
                           FROM enrolment e
                           JOIN attempt a ON a.enrolment = e.id AND a.submitted_at IS NULL
                           JOIN attempt_step s ON s.attempt = a.id
                           WHERE e.person = $1 LIMIT $2)

-- name: erase_open_attempts
DELETE FROM attempt
WHERE id IN (SELECT a.id FROM enrolment e
             JOIN attempt a ON a.enrolment = e.id AND a.submitted_at IS NULL
             WHERE e.person = $1
               AND NOT EXISTS (SELECT 1 FROM attempt_step s WHERE s.attempt = a.id) LIMIT $2)

-- name: erase_open_pretest_steps
DELETE FROM pretest_step
WHERE (pretest, op_id) IN (SELECT s.pretest, s.op_id
                           FROM enrolment e
                           JOIN pretest p ON p.enrolment = e.id AND p.submitted_at IS NULL
                           JOIN pretest_step s ON s.pretest = p.id
                           WHERE e.person = $1 LIMIT $2)

-- name: erase_open_pretests
DELETE FROM pretest
WHERE id IN (SELECT p.id FROM enrolment e
             JOIN pretest p ON p.enrolment = e.id AND p.submitted_at IS NULL
             WHERE e.person = $1
               AND NOT EXISTS (SELECT 1 FROM pretest_step s WHERE s.pretest = p.id) LIMIT $2)

-- name: erase_pretest_skips
DELETE FROM pretest_skip
WHERE (person, course) IN (SELECT k.person, k.course FROM pretest_skip k WHERE k.person = $1 LIMIT $2)

-- name: erase_corrections_seen
DELETE FROM correction_seen
WHERE (person, course) IN (SELECT k.person, k.course FROM correction_seen k WHERE k.person = $1 LIMIT $2)

-- name: erase_answers_read
DELETE FROM answer_read
WHERE (person, place) IN (SELECT k.person, k.place FROM answer_read k WHERE k.person = $1 LIMIT $2)

-- name: erase_credits
DELETE FROM external_credit
WHERE id IN (SELECT x.id FROM external_credit x WHERE x.person = $1 LIMIT $2)

-- A request and its answer point at each other.
-- name: erase_alternatives_standing
UPDATE alternative SET answer = NULL
WHERE id IN (SELECT t.id FROM alternative t WHERE t.person = $1 AND t.answer IS NOT NULL LIMIT $2)

-- name: erase_alternative_answers
DELETE FROM alternative_answer
WHERE id IN (SELECT a.id FROM alternative t JOIN alternative_answer a ON a.alternative = t.id
             WHERE t.person = $1 LIMIT $2)

-- name: erase_alternatives
DELETE FROM alternative
WHERE id IN (SELECT t.id FROM alternative t
             WHERE t.person = $1 AND t.answer IS NULL
               AND NOT EXISTS (SELECT 1 FROM alternative_answer a WHERE a.alternative = t.id) LIMIT $2)
