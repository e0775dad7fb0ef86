-- name: private_key_newest
-- scan: one row for each private key there has ever been
SELECT id, first_used_at, (SELECT COUNT(*) FROM private_key) AS keys FROM private_key ORDER BY first_used_at DESC, id LIMIT 1

-- name: private_key_used
INSERT INTO private_key (id, first_used_at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING

-- name: sealed_texts
-- scan: the proof opens every text there is (a new kind of text is one more arm)
SELECT 'reflection' AS purpose, p.uuid AS owner, r.uuid AS text, r.sealed
FROM reflection r JOIN person p ON p.id = r.person
UNION ALL
SELECT 'commitment', p.uuid, m.uuid, m.sealed
FROM commitment m JOIN person p ON p.id = m.person

-- name: sealed_texts_count
-- scan: once, when somebody asks what a lost key leaves closed
SELECT COUNT(*), COUNT(DISTINCT person) FROM
(SELECT person FROM reflection UNION ALL SELECT person FROM commitment) AS texts
