-- From the department ($1) over its appointments to each person and status by key: its
-- time depends on this department's size only. $2 course, $3 as of, $4 … $5 range of person ids
-- (one person, or all), $6 1: only those the center counts.
-- Nothing of visits, attempts or answers is read here, and no more than these columns may leave.

-- name: roster_rows
SELECT p.name,
       CASE WHEN s.done_at <= $3 THEN 2
            WHEN EXISTS (SELECT 1 FROM waiver w
                         WHERE w.person = p.id AND w.course = $2 AND w.superseded_by IS NULL
                           AND w.valid_from <= $3 AND (w.valid_to IS NULL OR w.valid_to > $3)) THEN 3
            WHEN s.started_at <= $3 THEN 1
            ELSE 0 END AS status,
       CASE WHEN s.done_at <= $3 THEN s.done_at END AS done_at
FROM (SELECT DISTINCT a.person
      FROM appointment a
      WHERE a.department = $1 AND a.person BETWEEN $4 AND $5 AND a.superseded_by IS NULL
        AND a.valid_from <= $3 AND (a.valid_to IS NULL OR a.valid_to > $3)
        AND (a.is_primary = 1 OR $6 = 0)) m
JOIN person p ON p.id = m.person AND (p.learner_type = 'faculty' OR $6 = 0)
LEFT JOIN status_now s ON s.person = p.id AND s.course = $2
ORDER BY p.sort_name, p.id

-- Everybody the center counts, each with the department. The same rows as roster_rows department by
-- department (a test compares the two), but walked in storage order, and sorted by who asks: going
-- department by department reads the table of people anew for each, which is slower the more people
-- there are, and the engine's own sorting takes longer than all the reading.

-- name: roster_everybody
-- scan: exports everybody appointed
SELECT p.name,
       CASE WHEN s.done_at <= $2 THEN 2
            WHEN EXISTS (SELECT 1 FROM waiver w
                         WHERE w.person = p.id AND w.course = $1 AND w.superseded_by IS NULL
                           AND w.valid_from <= $2 AND (w.valid_to IS NULL OR w.valid_to > $2)) THEN 3
            WHEN s.started_at <= $2 THEN 1
            ELSE 0 END AS status,
       CASE WHEN s.done_at <= $2 THEN s.done_at END AS done_at,
       p.sort_name, p.id, a.department
FROM appointment a
JOIN person p ON p.id = a.person AND p.learner_type = 'faculty'
LEFT JOIN status_now s ON s.person = p.id AND s.course = $1
WHERE a.is_primary = 1 AND a.superseded_by IS NULL
  AND a.valid_from <= $2 AND (a.valid_to IS NULL OR a.valid_to > $2)

-- name: roster_departments
-- scan: every department, in the order of the export
SELECT d.id, d.code, d.name FROM department d ORDER BY d.code

-- name: roster_departments_of
SELECT d.id, d.code, d.name, a.is_primary
FROM appointment a
JOIN department d ON d.id = a.department
WHERE a.person = $1 AND a.superseded_by IS NULL
  AND a.valid_from <= $2 AND (a.valid_to IS NULL OR a.valid_to > $2)
ORDER BY a.is_primary DESC, a.valid_from, a.id
