-- name: key_note_compromised
INSERT INTO signing_key (id, created_at, compromised_at, compromised_why) VALUES ($1, $2, $2, $3)
ON CONFLICT (id) DO UPDATE SET compromised_at = excluded.compromised_at, compromised_why = excluded.compromised_why
WHERE signing_key.compromised_at IS NULL

-- name: keys_known
-- scan: one row for each signing key there has ever been
SELECT k.id, k.created_at, k.compromised_at,
       (SELECT MIN(a.at) FROM audit a WHERE a.subject = k.id AND a.action = 'key.compromise')
FROM signing_key k ORDER BY k.created_at, k.id

-- name: key_signed
SELECT c.bytes, g.evidence
FROM certificate c JOIN ledger g ON g.enrolment = c.enrolment AND g.kind = 'certificate'
                                    AND g.subject = c.uuid AND g.person = c.person
WHERE c.key_id = $1 ORDER BY c.id

-- name: compromises_unheard_of
-- scan: one row for each signing key there has ever been
SELECT k.id FROM signing_key k
WHERE k.compromised_at IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM audit a WHERE a.subject = k.id AND a.action = 'key.compromise')
LIMIT 1

-- name: compromises_missing
-- scan: every row of the audit is being proved
SELECT a.subject FROM audit a
WHERE a.action = 'key.compromise'
  AND NOT EXISTS (SELECT 1 FROM signing_key k WHERE k.id = a.subject AND k.compromised_at IS NOT NULL)
LIMIT 1

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
