-- name: reflection_find
SELECT r.uuid, r.publication, r.lesson, r.prompt, r.first_saved_at, r.saved_at, r.sealed, p.uuid AS owner, r.set_aside_at
FROM reflection r JOIN person p ON p.id = r.person
WHERE r.person = $1 AND r.course = $2 AND r.lesson = $3 AND r.prompt = $4
  AND r.set_aside_at IS NULL

-- name: reflection_get
SELECT r.uuid, r.publication, r.lesson, r.prompt, r.first_saved_at, r.saved_at, r.sealed, p.uuid AS owner, r.set_aside_at
FROM reflection r JOIN person p ON p.id = r.person
WHERE r.uuid = $1 AND r.person = $2

-- name: reflection_list
SELECT r.uuid, r.publication, r.lesson, r.prompt, r.first_saved_at, r.saved_at, r.sealed, p.uuid AS owner, r.set_aside_at
FROM reflection r JOIN person p ON p.id = r.person
WHERE r.person = $1
ORDER BY r.course, r.first_saved_at, r.id

-- name: reflection_stands
SELECT r.uuid, r.saved_at, p.uuid AS owner
FROM person p
LEFT JOIN reflection r ON r.person = p.id AND r.course = $2 AND r.lesson = $3 AND r.prompt = $4
  AND r.set_aside_at IS NULL
WHERE p.id = $1

-- name: reflection_insert
INSERT INTO reflection (uuid, person, course, lesson, prompt, publication, sealed, first_saved_at, saved_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)

-- name: reflection_replace
UPDATE reflection SET sealed = $2, publication = $3, saved_at = $4 WHERE uuid = $1

-- name: reflection_delete
DELETE FROM reflection WHERE uuid = $1 AND person = $2

-- name: reflections_set_aside
-- scan: once, when the key to all of them is lost
UPDATE reflection SET set_aside_at = $1 WHERE set_aside_at IS NULL
