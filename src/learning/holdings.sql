-- name: keys_that_signed
-- scan: one row for each signing key there has ever been
SELECT id FROM signing_key WHERE compromised_at IS NULL ORDER BY created_at, id

-- name: backup_last
SELECT at FROM audit WHERE subject = $1 AND action = 'backup.made' ORDER BY seq DESC LIMIT 1
