-- name: status_complete
UPDATE status_now SET done_at = $3, by_assessment = $4, done_publication = $5, valid_until = NULLIF($6, 0)
WHERE person = $1 AND course = $2 AND done_at IS NULL

-- name: status_renew
UPDATE status_now SET valid_until = NULLIF($3, 0) WHERE person = $1 AND course = $2

-- Of an enrolment with a certificate that expires, nothing waiting: what a renewal follows. Also one
-- that was revoked: passing the check again is earned anew, and the revoked one stays so.
-- name: certificate_to_renew
SELECT c.valid_until FROM certificate c
WHERE c.enrolment = $1 AND c.current = 1 AND c.valid_until IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM certificate_pending p WHERE p.enrolment = c.enrolment)

-- name: certificate_shared_of
SELECT shared FROM certificate WHERE enrolment = $1 AND current = 1

-- name: renewed_at
SELECT MAX(earned_at) FROM ledger WHERE enrolment = $1 AND kind = 'renewed'

-- name: was_renewed
SELECT COUNT(*) FROM ledger WHERE enrolment = $1 AND kind = 'renewed' AND earned_at = $2

-- name: certificate_step_back_of
UPDATE certificate SET current = 0 WHERE enrolment = $1 AND current = 1

-- name: list_current
-- scan: stops at the first row from the end
SELECT id, used FROM status_list ORDER BY id DESC LIMIT 1

-- name: list_open
INSERT INTO status_list (opened_at) VALUES ($1)

-- name: list_count_use
UPDATE status_list SET used = used + 1 WHERE id = $1

-- name: list_changes
SELECT changes FROM status_list WHERE id = $1

-- name: list_count_change
UPDATE status_list SET changes = changes + 1 WHERE id = $1

-- name: list_bits
SELECT status_index FROM certificate_revocation WHERE status_list = $1

-- name: index_taken
SELECT COUNT(*) FROM certificate WHERE status_list = $1 AND status_index = $2

-- name: certificate_insert
INSERT INTO certificate (uuid, token, person, enrolment, publication, by_assessment, shared, key_id,
                         status_list, status_index, earned_at, issued_at, valid_until, bytes, sha256)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, NULLIF($13, 0), $14, $15)

-- name: certificate_step_back
UPDATE certificate SET current = 0 WHERE id = $1

-- name: certificate_share
UPDATE certificate SET shared = $3 WHERE id = $1 AND person = $2

-- name: certificate_withdraw
INSERT INTO certificate_revocation (certificate, kind, reason, actor, recorded_at, status_list, status_index)
VALUES ($1, $2, $3, NULLIF($4, 0), $5, $6, $7)

-- name: key_note
INSERT INTO signing_key (id, created_at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING

-- name: pending_upsert
INSERT INTO certificate_pending (enrolment, reason, recorded_at) VALUES ($1, $2, $3)
ON CONFLICT (enrolment) DO UPDATE SET reason = excluded.reason
WHERE certificate_pending.reason <> excluded.reason

-- name: pending_delete
DELETE FROM certificate_pending WHERE enrolment = $1

-- name: pending_next
SELECT p.enrolment FROM certificate_pending p WHERE p.enrolment > $1 ORDER BY p.enrolment LIMIT 1

-- name: certificate_by_token
SELECT c.id, c.person, c.enrolment, c.uuid, c.token, c.publication, c.earned_at, c.issued_at, c.valid_until,
       c.by_assessment, c.bytes, c.status_list, c.status_index, c.current, c.shared, r.kind, r.recorded_at,
       r.reason
FROM certificate c LEFT JOIN certificate_revocation r ON r.certificate = c.id
WHERE c.token = $1

-- name: certificate_by_uuid
SELECT c.id, c.person, c.enrolment, c.uuid, c.token, c.publication, c.earned_at, c.issued_at, c.valid_until,
       c.by_assessment, c.bytes, c.status_list, c.status_index, c.current, c.shared, r.kind, r.recorded_at,
       r.reason
FROM certificate c LEFT JOIN certificate_revocation r ON r.certificate = c.id
WHERE c.uuid = $1

-- name: certificate_by_id
SELECT c.id, c.person, c.enrolment, c.uuid, c.token, c.publication, c.earned_at, c.issued_at, c.valid_until,
       c.by_assessment, c.bytes, c.status_list, c.status_index, c.current, c.shared, r.kind, r.recorded_at,
       r.reason
FROM certificate c LEFT JOIN certificate_revocation r ON r.certificate = c.id
WHERE c.id = $1

-- name: certificates_of
SELECT c.id, c.person, c.enrolment, c.uuid, c.token, c.publication, c.earned_at, c.issued_at, c.valid_until,
       c.by_assessment, c.bytes, c.status_list, c.status_index, c.current, c.shared, r.kind, r.recorded_at,
       r.reason
FROM certificate c LEFT JOIN certificate_revocation r ON r.certificate = c.id
WHERE c.person = $1 ORDER BY c.id DESC

-- Of a change of name, the name and its first certificates are written at one moment; a name that was
-- set without replacing any has no such row.
-- name: certificates_half_renamed
-- scan: at the start and once a day
SELECT DISTINCT p.id FROM certificate_revocation r
JOIN person p ON p.id = r.actor AND p.certificate_name_at = r.recorded_at
WHERE r.kind = 'superseded' AND r.reason = $1 AND p.id > $2
  AND EXISTS (SELECT 1 FROM certificate c LEFT JOIN certificate_revocation w ON w.certificate = c.id
              WHERE c.person = p.id AND c.issued_at < p.certificate_name_at AND w.certificate IS NULL)
ORDER BY p.id LIMIT $3

-- name: certificates_all
-- scan: every stored certificate is being proved
SELECT c.uuid, c.bytes, c.sha256, c.key_id, k.compromised_at IS NOT NULL, c.status_list, c.status_index
FROM certificate c LEFT JOIN signing_key k ON k.id = c.key_id
ORDER BY c.id

-- name: certificates_unheard_of
-- scan: every stored certificate is being proved
SELECT c.uuid FROM certificate c
WHERE NOT EXISTS (SELECT 1 FROM ledger g WHERE g.enrolment = c.enrolment AND g.kind = 'certificate'
                  AND g.subject = c.uuid AND g.person = c.person)
ORDER BY c.id LIMIT 1

-- name: revocations_missing
-- scan: every row of the audit is being proved
SELECT a.subject FROM audit a JOIN certificate c ON c.uuid = a.subject
WHERE a.action IN ('certificate.revoke', 'certificate.reissue', 'certificate.supersede')
  AND NOT EXISTS (SELECT 1 FROM certificate_revocation r
                  WHERE r.certificate = c.id
                    AND (r.kind = 'revoked' OR a.action <> 'certificate.revoke'))
LIMIT 1

-- name: revocations_unheard_of
-- scan: every revocation is being proved
SELECT c.uuid FROM certificate_revocation r JOIN certificate c ON c.id = r.certificate
WHERE NOT EXISTS (SELECT 1 FROM audit a
                  WHERE a.subject = c.uuid
                    AND (r.kind = 'revoked') = (a.action = 'certificate.revoke')
                    AND a.action IN ('certificate.revoke', 'certificate.reissue',
                                     'certificate.supersede'))
LIMIT 1
