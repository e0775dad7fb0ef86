-- name: commitments_of
SELECT m.id, m.uuid, m.publication, m.sealed, m.made_at, m.saved_at, p.uuid AS owner
FROM commitment m JOIN person p ON p.id = m.person
WHERE m.person = $1 ORDER BY m.id

-- name: commitment_checks_of
SELECT k.commitment, k.day, k.kind, k.outcome, k.recorded_at
FROM commitment m JOIN commitment_check k ON k.commitment = m.id
WHERE m.person = $1 ORDER BY k.id

-- name: commitment_insert
INSERT INTO commitment (uuid, person, course, publication, sealed, made_at, saved_at)
VALUES ($1, $2, $3, $4, $5, $6, $6)

-- name: commitment_replace
UPDATE commitment SET sealed = $2, saved_at = $3 WHERE id = $1

-- name: commitment_delete
DELETE FROM commitment WHERE id = $1

-- name: commitment_checks_delete
DELETE FROM commitment_check WHERE commitment = $1

-- name: commitment_check_insert
INSERT INTO commitment_check (commitment, day, kind, outcome, recorded_at)
VALUES ($1, $2, $3, $4, $5)

-- name: last_finished
SELECT COALESCE(MAX(done_at), 0) FROM status_now WHERE person = $1

-- name: uuid_of_person
SELECT uuid FROM person WHERE id = $1
