-- name: department_insert
INSERT INTO department (code, name, recorded_at) VALUES ($1, $2, $3)

-- name: department_by_code
SELECT id, code, name FROM department WHERE code = $1

-- name: person_insert
INSERT INTO person (uuid, external_id, name, sort_name, email, learner_type, profession, discipline,
                    setting, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)

-- name: person_email_insert
INSERT INTO person_email (person, email, valid_from, recorded_at) VALUES ($1, $2, $3, $3)

-- name: person_by_id
SELECT id, uuid, name, email, certificate_name, learner_type, profession, discipline, setting,
       password_hash IS NOT NULL, erased_at
FROM person WHERE id = $1

-- name: person_by_email
SELECT id, uuid, name, email, certificate_name, learner_type, profession, discipline, setting,
       password_hash IS NOT NULL, erased_at
FROM person WHERE email = $1

-- name: person_set_certificate_name
UPDATE person SET certificate_name = $2, certificate_name_at = $3
WHERE id = $1 AND erased_at IS NULL

-- name: person_set_password
UPDATE person SET password_hash = $2 WHERE id = $1 AND erased_at IS NULL

-- name: people_count
-- scan: counts every person; for the command line and the administrator's overview
SELECT COUNT(*) FROM person WHERE erased_at IS NULL

-- name: appointment_insert
INSERT INTO appointment (person, department, title, is_primary, valid_from, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6)

-- name: appointment_primary_of
SELECT id, department, title, valid_from FROM appointment
WHERE person = $1 AND is_primary = 1 AND superseded_by IS NULL AND valid_to IS NULL

-- name: appointment_count_of
SELECT COUNT(*) FROM appointment WHERE person = $1 AND superseded_by IS NULL

-- name: appointment_insert_until
INSERT INTO appointment (person, department, title, is_primary, valid_from, valid_to, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)

-- name: appointment_supersede
UPDATE appointment SET superseded_by = $2 WHERE id = $1

-- name: appointment_running
SELECT id, department, title, is_primary, valid_from FROM appointment
WHERE person = $1 AND superseded_by IS NULL AND (valid_to IS NULL OR valid_to > $2)
ORDER BY id LIMIT 1

-- name: role_insert
INSERT INTO role_grant (person, role, department, valid_from, recorded_at)
VALUES ($1, $2, $3, $4, $5)

-- name: role_insert_until
INSERT INTO role_grant (person, role, department, valid_from, valid_to, recorded_at)
VALUES ($1, $2, NULLIF($3, 0), $4, $5, $5)

-- name: role_supersede
UPDATE role_grant SET superseded_by = $2 WHERE id = $1

-- name: role_running
SELECT id, role, department, valid_from FROM role_grant
WHERE person = $1 AND superseded_by IS NULL AND (valid_to IS NULL OR valid_to > $2)
ORDER BY id LIMIT 1

-- name: roles_of
SELECT g.role, d.id, d.code, d.name
FROM role_grant g LEFT JOIN department d ON d.id = g.department
WHERE g.person = $1 AND g.superseded_by IS NULL AND g.valid_from <= $2
  AND (g.valid_to IS NULL OR g.valid_to > $2)
ORDER BY g.id

-- name: departments_of
SELECT d.id, d.code, d.name
FROM appointment a JOIN department d ON d.id = a.department
WHERE a.person = $1 AND a.superseded_by IS NULL AND a.valid_from <= $2
  AND (a.valid_to IS NULL OR a.valid_to > $2)
ORDER BY a.is_primary DESC, a.id

-- name: waiver_insert
INSERT INTO waiver (person, course, reason, actor, valid_from, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6)

-- name: waiver_insert_until
INSERT INTO waiver (person, course, reason, actor, valid_from, valid_to, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)

-- name: waiver_running
SELECT person, course, reason, valid_from FROM waiver
WHERE id = $1 AND superseded_by IS NULL AND (valid_to IS NULL OR valid_to > $2)

-- name: waiver_supersede
UPDATE waiver SET superseded_by = $2 WHERE id = $1

-- name: waiver_at
SELECT COUNT(*), COUNT(valid_to), MAX(valid_to) FROM waiver
WHERE person = $1 AND course = $2 AND superseded_by IS NULL AND valid_from <= $3
  AND (valid_to IS NULL OR valid_to > $3)
