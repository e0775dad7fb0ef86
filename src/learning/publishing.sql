-- Who stands where, in few groups: the publication begun with, whether finished, the one finished
-- under, and the latest one known to a finisher who has read what was new.

-- name: reach_groups
-- scan: counts everybody who has begun a course, for one page of an administrator
SELECT e.publication, s.done_at IS NOT NULL AS finished,
       COALESCE(s.done_publication, e.publication) AS finished_under,
       CASE WHEN s.done_at IS NOT NULL
            THEN (SELECT MAX(p.id) FROM enrolment d
                  JOIN ledger l ON l.enrolment = d.id AND l.kind = 'updated'
                  JOIN publication p ON p.course = d.course AND p.hash = l.subject
                  WHERE d.person = s.person AND d.course = s.course
                    AND d.base_publication IS NOT NULL) END AS read,
       COUNT(*)
FROM status_now s JOIN enrolment e ON e.id = s.enrolment
JOIN person w ON w.id = s.person AND w.erased_at IS NULL
WHERE s.course = $1
GROUP BY e.publication, finished, finished_under, read

-- name: course_learners
-- scan: counts everybody who has begun a course, for one page of an administrator
SELECT COUNT(*) - COUNT(s.done_at), COUNT(s.done_at)
FROM status_now s JOIN person w ON w.id = s.person AND w.erased_at IS NULL
WHERE s.course = $1
