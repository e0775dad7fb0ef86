-- The administrator's directory. Identity, appointments, grants and status: never answers or marks.

-- name: directory_search
-- scan: any part of a name may be looked for
SELECT m.uuid, m.name, m.email,
       (SELECT d.name FROM appointment a JOIN department d ON d.id = a.department
        WHERE a.person = m.id AND a.is_primary = 1 AND a.superseded_by IS NULL
          AND a.valid_from <= $5 AND (a.valid_to IS NULL OR a.valid_to > $5)
        LIMIT 1) AS department
FROM (SELECT p.id, p.uuid, p.name, p.email, p.sort_name
      FROM person p
      WHERE p.erased_at IS NULL
        AND ((p.sort_name LIKE $1 ESCAPE '\' AND p.sort_name LIKE $2 ESCAPE '\'
              AND p.sort_name LIKE $3 ESCAPE '\')
             OR p.email LIKE $4 ESCAPE '\')
      ORDER BY p.sort_name, p.id
      LIMIT $6 OFFSET $7) m
ORDER BY m.sort_name, m.id

-- name: directory_person
SELECT p.id FROM person p WHERE p.uuid = $1

-- name: directory_appointments
SELECT d.code, d.name, a.title, a.is_primary, a.valid_from, a.valid_to
FROM appointment a JOIN department d ON d.id = a.department
WHERE a.person = $1 AND a.superseded_by IS NULL
ORDER BY a.valid_from DESC, a.is_primary DESC, a.id

-- name: directory_grants
SELECT g.role, d.code, d.name, g.valid_from, g.valid_to
FROM role_grant g LEFT JOIN department d ON d.id = g.department
WHERE g.person = $1 AND g.superseded_by IS NULL
ORDER BY g.valid_from DESC, g.id

-- name: directory_status
SELECT CASE WHEN s.done_at <= $3 THEN 2
            WHEN EXISTS (SELECT 1 FROM waiver w
                         WHERE w.person = p.id AND w.course = $2 AND w.superseded_by IS NULL
                           AND w.valid_from <= $3 AND (w.valid_to IS NULL OR w.valid_to > $3)) THEN 3
            WHEN s.started_at <= $3 THEN 1
            ELSE 0 END AS status,
       CASE WHEN s.done_at <= $3 THEN s.done_at END AS done_at
FROM person p
LEFT JOIN status_now s ON s.person = p.id AND s.course = $2
WHERE p.id = $1

-- name: directory_totals
-- scan: counts of the whole site, for one overview page
SELECT (SELECT COUNT(*) FROM person WHERE erased_at IS NULL), (SELECT COUNT(*) FROM department),
       (SELECT COUNT(*) FROM enrolment WHERE base_publication IS NULL), (SELECT COUNT(*) FROM certificate WHERE current = 1),
       (SELECT COUNT(*) FROM certificate_pending)
