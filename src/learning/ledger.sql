-- name: ledger_head
-- scan: stops at the first row from the end
SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1

-- name: ledger_insert
INSERT INTO ledger (seq, person, enrolment, kind, subject, evidence, earned_at, recorded_at, actor,
                    reason, previous, hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)

-- name: ledger_walk
-- scan: the whole chain is what is being proved
SELECT seq, person, enrolment, kind, subject, evidence, earned_at, recorded_at, actor, reason,
       previous, hash
FROM ledger ORDER BY seq

-- name: audit_head
-- scan: stops at the first row from the end
SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1

-- name: audit_insert
INSERT INTO audit (seq, at, actor, action, subject, detail, previous, hash)
VALUES ($1, $2, NULLIF($3, 0), $4, $5, $6, $7, $8)

-- name: audit_walk
-- scan: the whole chain is what is being proved
SELECT seq, at, actor, action, subject, detail, previous, hash FROM audit ORDER BY seq
