-- name: active_minute_insert
INSERT INTO active_minute (enrolment, minute) VALUES ($1, $2) ON CONFLICT DO NOTHING

-- name: active_minutes_of
SELECT COUNT(DISTINCT m.minute)
FROM enrolment e JOIN active_minute m ON m.enrolment = e.id
WHERE e.person = $1 AND e.course = $2 AND m.minute <> $3
