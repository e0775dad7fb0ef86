-- name: key_note_compromised
INSERT INTO signing_key (id, created_at, compromised_at, compromised_why) VALUES ($1, $2, $2, $3)
ON CONFLICT (id) DO UPDATE SET compromised_at = excluded.compromised_at, compromised_why = excluded.compromised_why
WHERE signing_key.compromised_at IS NULL

-- name: keys_known
-- scan: one row for each signing key there has ever been
SELECT id, created_at, compromised_at FROM signing_key ORDER BY created_at, id

-- name: key_tally
SELECT COUNT(*), COUNT(*) FILTER (WHERE r.kind IS NULL), COUNT(*) FILTER (WHERE r.kind = 'revoked'),
       COUNT(*) FILTER (WHERE r.kind = 'superseded' AND r.recorded_at < $2),
       COUNT(*) FILTER (WHERE r.kind = 'superseded' AND r.recorded_at >= $2 AND r.reason <> $3),
       COUNT(*) FILTER (WHERE r.kind = 'superseded' AND r.recorded_at >= $2 AND r.reason = $3)
FROM certificate c LEFT JOIN certificate_revocation r ON r.certificate = c.id
WHERE c.key_id = $1

-- name: key_standing
SELECT c.id FROM certificate c
WHERE c.key_id = $1 AND c.id > $2
  AND NOT EXISTS (SELECT 1 FROM certificate_revocation r WHERE r.certificate = c.id)
ORDER BY c.id LIMIT $3

-- name: certificate_uuid
SELECT uuid FROM certificate WHERE id = $1
