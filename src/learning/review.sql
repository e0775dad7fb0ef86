-- name: review_link_count
SELECT COUNT(*) FROM review_link WHERE draft = $1

-- name: review_link_insert
INSERT INTO review_link (draft, version, token_hash, made_by, made_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6)

-- name: review_link_withdraw
UPDATE review_link SET withdrawn_at = $3
WHERE id = $1 AND draft = $2 AND withdrawn_at IS NULL

-- name: review_link_of_draft
SELECT id FROM review_link WHERE id = $1 AND draft = $2

-- name: review_links
SELECT k.id, k.draft, d.uuid, k.version, k.made_at, k.expires_at, k.withdrawn_at, p.name,
       (SELECT COUNT(*) FROM review_comment c WHERE c.link = k.id)
FROM review_link k JOIN draft d ON d.id = k.draft JOIN person p ON p.id = k.made_by
WHERE k.draft = $1
ORDER BY k.id DESC
LIMIT $2

-- name: review_link_open
SELECT k.id, k.draft, d.uuid, k.version, k.made_at, k.expires_at, k.withdrawn_at, p.name, 0
FROM review_link k JOIN draft d ON d.id = k.draft JOIN person p ON p.id = k.made_by
WHERE k.token_hash = $1 AND k.withdrawn_at IS NULL AND k.expires_at > $2

-- name: review_comment_same
SELECT id FROM review_comment WHERE link = $1 AND block = $2 AND name = $3 AND body = $4

-- name: review_comment_counts
SELECT COUNT(*), COALESCE(SUM(CASE WHEN link = $2 THEN 1 ELSE 0 END), 0)
FROM review_comment WHERE draft = $1

-- name: review_comment_insert
INSERT INTO review_comment (draft, link, file, block, line, excerpt, name, body, written_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)

-- name: review_comments
SELECT c.id, c.link, k.version, c.file, c.block, c.line, c.excerpt, c.name, c.body, c.written_at,
       c.resolved_at
FROM review_comment c JOIN review_link k ON k.id = c.link
WHERE c.draft = $1
ORDER BY c.id
LIMIT $2

-- name: review_comment_resolve
UPDATE review_comment SET resolved_at = $3, resolved_by = $4
WHERE id = $1 AND draft = $2

-- name: review_signoff_count
SELECT COUNT(*) FROM review_signoff WHERE draft = $1

-- name: review_signoff_same
SELECT id FROM review_signoff
WHERE draft = $1 AND version = $2 AND name = $3 AND role = $4 AND signed_on = $5
  AND confirmed_at IS NULL AND declined_at IS NULL

-- name: review_signoff_insert
INSERT INTO review_signoff (draft, version, hash, link, name, role, signed_on, offered_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)

-- name: review_signoffs
SELECT s.id, s.version, s.hash, s.link, s.name, s.role, s.signed_on, s.offered_at, s.confirmed_at,
       s.declined_at, p.name
FROM review_signoff s LEFT JOIN person p ON p.id = s.confirmed_by
WHERE s.draft = $1
ORDER BY s.id DESC
LIMIT $2

-- name: review_signoff_one
SELECT s.id, s.version, s.hash, s.link, s.name, s.role, s.signed_on, s.offered_at, s.confirmed_at,
       s.declined_at, p.name
FROM review_signoff s LEFT JOIN person p ON p.id = s.confirmed_by
WHERE s.id = $1 AND s.draft = $2

-- name: review_signoff_confirm
UPDATE review_signoff SET confirmed_at = $2, confirmed_by = $3
WHERE id = $1 AND confirmed_at IS NULL AND declined_at IS NULL

-- name: review_signoff_decline
UPDATE review_signoff SET declined_at = $2
WHERE id = $1 AND confirmed_at IS NULL AND declined_at IS NULL
