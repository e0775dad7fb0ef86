-- name: transcript_lines
SELECT COALESCE(s.done_publication, e.publication), s.done_at, s.by_assessment, c.uuid,
       (SELECT COUNT(DISTINCT m.minute)
        FROM enrolment x JOIN active_minute m ON m.enrolment = x.id
        WHERE x.person = s.person AND x.course = s.course) AS minutes,
       s.valid_until
FROM status_now s
JOIN enrolment e ON e.id = s.enrolment
LEFT JOIN certificate c ON c.enrolment = s.enrolment AND c.current = 1
WHERE s.person = $1 AND s.done_at IS NOT NULL
ORDER BY s.done_at DESC, s.course

-- name: external_credits_of
SELECT uuid, title, provider, earned_on, hours FROM external_credit
WHERE person = $1 ORDER BY earned_on DESC, id DESC

-- name: external_credit_get
SELECT uuid, title, provider, earned_on, hours FROM external_credit WHERE uuid = $1 AND person = $2

-- name: external_credit_count
SELECT COUNT(*) FROM external_credit WHERE person = $1

-- name: external_credit_same
SELECT COUNT(*) FROM external_credit
WHERE person = $1 AND title = $2 AND provider = $3 AND earned_on = $4 AND hours = $5

-- name: external_credit_insert
INSERT INTO external_credit (uuid, person, title, provider, earned_on, hours, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)

-- name: external_credit_change
UPDATE external_credit SET title = $3, provider = $4, earned_on = $5, hours = $6
WHERE uuid = $1 AND person = $2

-- name: external_credit_delete
DELETE FROM external_credit WHERE uuid = $1 AND person = $2
