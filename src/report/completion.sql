-- Everybody the center counts, as (department, status). $1 course, $2 as of. The same four statuses in
-- the same order as roster_rows (a test compares the two). Counted by the caller: grouping here makes
-- the engine walk people by department, which costs four times as much as this walk in storage order.

-- name: completion_statuses
-- scan: counts everybody appointed
SELECT a.department,
       CASE WHEN s.done_at <= $2 THEN 2
            WHEN EXISTS (SELECT 1 FROM waiver w
                         WHERE w.person = a.person AND w.course = $1 AND w.superseded_by IS NULL
                           AND w.valid_from <= $2 AND (w.valid_to IS NULL OR w.valid_to > $2)) THEN 3
            WHEN s.started_at <= $2 THEN 1
            ELSE 0 END AS status
FROM appointment a
JOIN person p ON p.id = a.person AND p.learner_type = 'faculty'
LEFT JOIN status_now s ON s.person = a.person AND s.course = $1
WHERE a.is_primary = 1 AND a.superseded_by IS NULL
  AND a.valid_from <= $2 AND (a.valid_to IS NULL OR a.valid_to > $2)
