-- name: link_insert
INSERT INTO signin_link (token_hash, person, return_to, created_at, expires_at)
SELECT $1, p.id, $3, $4, $5 FROM person p WHERE p.id = $2 AND p.erased_at IS NULL

-- name: link_look
SELECT p.name, k.return_to
FROM signin_link k JOIN person p ON p.id = k.person
WHERE k.token_hash = $1 AND k.spent_at IS NULL AND k.expires_at > $2

-- name: link_spend
UPDATE signin_link SET spent_at = $2
WHERE token_hash = $1 AND spent_at IS NULL AND expires_at > $2
RETURNING person, return_to

-- name: link_sweep
DELETE FROM signin_link WHERE expires_at < $1

-- name: session_insert
INSERT INTO session (token_hash, person, shared, created_at, seen_at, expires_at)
SELECT $1, p.id, $3, $4, $4, $5 FROM person p WHERE p.id = $2 AND p.erased_at IS NULL

-- name: session_by_token
SELECT s.person, s.shared, s.seen_at, s.expires_at, p.uuid, p.name,
       EXISTS (SELECT 1 FROM role_grant g WHERE g.person = s.person)
FROM session s JOIN person p ON p.id = s.person
WHERE s.token_hash = $1

-- name: session_touch
UPDATE session SET seen_at = $2 WHERE token_hash = $1 AND seen_at < $2

-- name: session_delete
DELETE FROM session WHERE token_hash = $1

-- name: session_delete_others
DELETE FROM session WHERE person = $1 AND token_hash <> $2

-- name: session_sweep
DELETE FROM session WHERE expires_at < $1

-- name: password_of
SELECT id, password_hash FROM person WHERE email = $1
