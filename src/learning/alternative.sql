-- name: alternative_insert
INSERT INTO alternative (uuid, person, course, words, recorded_at) VALUES ($1, $2, $3, $4, $5)

-- name: alternative_standing
SELECT t.id, t.person, t.course, t.answer, a.waiver
FROM alternative t LEFT JOIN alternative_answer a ON a.id = t.answer
WHERE t.uuid = $1

-- name: alternative_last
SELECT t.id, t.uuid, t.answer FROM alternative t
WHERE t.person = $1 AND t.course = $2
ORDER BY t.id DESC LIMIT 1

-- name: alternative_says
SELECT words = $2 FROM alternative WHERE id = $1

-- name: alternative_answer_insert
INSERT INTO alternative_answer (alternative, outcome, words, waiver, actor, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6)

-- name: alternative_answer_stands
UPDATE alternative SET answer = $2 WHERE id = $1

-- name: alternative_by_uuid
SELECT t.uuid, t.course, t.words, t.person, t.recorded_at, a.id, a.outcome, a.words, a.recorded_at,
       w.valid_to
FROM alternative t
LEFT JOIN alternative_answer a ON a.id = t.answer
LEFT JOIN waiver w ON w.id = a.waiver
WHERE t.uuid = $1

-- name: alternative_latest
SELECT t.uuid, t.course, t.words, t.person, t.recorded_at, a.id, a.outcome, a.words, a.recorded_at,
       w.valid_to
FROM alternative t
LEFT JOIN alternative_answer a ON a.id = t.answer
LEFT JOIN waiver w ON w.id = a.waiver
WHERE t.person = $1 AND t.course = $2
ORDER BY t.id DESC LIMIT 1

-- name: alternatives_of
SELECT t.uuid, t.course, t.words, t.person, t.recorded_at, a.id, a.outcome, a.words, a.recorded_at,
       w.valid_to
FROM alternative t
LEFT JOIN alternative_answer a ON a.id = t.answer
LEFT JOIN waiver w ON w.id = a.waiver
WHERE t.person = $1
ORDER BY t.id DESC LIMIT $2

-- name: alternatives_open
SELECT t.uuid, t.course, t.words, t.person, t.recorded_at, NULL, NULL, NULL, NULL, NULL
FROM alternative t
WHERE t.answer IS NULL
ORDER BY t.id LIMIT $1

-- name: alternatives_open_count
SELECT COUNT(*) FROM alternative WHERE answer IS NULL

-- name: alternatives_answered
SELECT t.uuid, t.course, t.words, t.person, t.recorded_at, a.id, a.outcome, a.words, a.recorded_at,
       w.valid_to
FROM alternative t
JOIN alternative_answer a ON a.id = t.answer
LEFT JOIN waiver w ON w.id = a.waiver
WHERE t.answer > 0
ORDER BY t.answer DESC LIMIT $1 OFFSET $2
