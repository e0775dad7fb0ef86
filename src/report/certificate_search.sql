-- name: certificates_latest
-- scan: stops after one page from the end
SELECT c.uuid, p.name, b.title, c.earned_at, c.issued_at, c.valid_until, r.kind, c.current
FROM certificate c
JOIN person p ON p.id = c.person
JOIN publication b ON b.id = c.publication
LEFT JOIN certificate_revocation r ON r.certificate = c.id
ORDER BY c.id DESC
LIMIT $1 OFFSET $2

-- name: certificates_of_person
SELECT c.uuid, p.name, b.title, c.earned_at, c.issued_at, c.valid_until, r.kind, c.current
FROM certificate c
JOIN person p ON p.id = c.person
JOIN publication b ON b.id = c.publication
LEFT JOIN certificate_revocation r ON r.certificate = c.id
WHERE c.person = $1
ORDER BY c.id DESC
LIMIT $2 OFFSET $3

-- name: certificates_of_people
-- scan: any part of a name may be looked for
SELECT c.uuid, p.name, b.title, c.earned_at, c.issued_at, c.valid_until, r.kind, c.current
FROM person p
JOIN certificate c ON c.person = p.id
JOIN publication b ON b.id = c.publication
LEFT JOIN certificate_revocation r ON r.certificate = c.id
WHERE (p.sort_name LIKE $1 ESCAPE '\' AND p.sort_name LIKE $2 ESCAPE '\'
       AND p.sort_name LIKE $3 ESCAPE '\')
   OR p.email LIKE $4 ESCAPE '\'
ORDER BY c.id DESC
LIMIT $5 OFFSET $6
