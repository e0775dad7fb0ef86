-- name: challenge_handed_in
SELECT a.form, a.publication
FROM enrolment e JOIN attempt a ON a.enrolment = e.id
WHERE e.person = $1 AND e.course = $2 AND a.submitted_at IS NOT NULL
ORDER BY a.id DESC

-- name: challenge_came_back
SELECT s.publication FROM follow_up f JOIN follow_up_step s ON s.follow_up = f.id
WHERE f.person = $1 AND s.item = $2 ORDER BY s.id DESC LIMIT 1

-- name: challenge_same
SELECT uuid FROM challenge
WHERE course = $1 AND answer IS NULL AND part = $2 AND part_id = $3 AND COALESCE(person, 0) = $4
  AND wrong = $5 AND source = $6

-- name: challenge_insert
INSERT INTO challenge (uuid, course, publication, part, part_id, part_hash, person, wrong, source,
                       recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)

-- name: challenge_one_of
SELECT uuid, recorded_at FROM challenge WHERE person = $1 LIMIT 1

-- name: challenge_forget_sender
UPDATE challenge SET person = NULL, recorded_at = $2 WHERE uuid = $1

-- name: challenge_standing
SELECT answer FROM challenge WHERE uuid = $1

-- name: challenge_answer_insert
INSERT INTO challenge_answer (challenge, accepted, words, said, says, corrected_on, actor,
                              recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)

-- name: challenge_answer_stands
UPDATE challenge SET answer = $2 WHERE uuid = $1

-- name: challenge_by_uuid
SELECT k.uuid, k.publication, k.part, k.part_id, k.person, k.wrong, k.source, k.recorded_at,
       a.id, a.accepted, a.words, a.said, a.says, a.corrected_on, a.recorded_at
FROM challenge k LEFT JOIN challenge_answer a ON a.id = k.answer
WHERE k.uuid = $1

-- name: challenges_open
SELECT k.uuid, k.publication, k.part, k.part_id, k.person, k.wrong, k.source, k.recorded_at,
       NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM challenge k
WHERE k.answer IS NULL
ORDER BY k.recorded_at, k.uuid LIMIT $1

-- name: challenges_open_count
SELECT COUNT(*) FROM challenge WHERE answer IS NULL

-- name: challenges_answered
SELECT k.uuid, k.publication, k.part, k.part_id, k.person, k.wrong, k.source, k.recorded_at,
       a.id, a.accepted, a.words, a.said, a.says, a.corrected_on, a.recorded_at
FROM challenge k JOIN challenge_answer a ON a.id = k.answer
WHERE k.answer > 0
ORDER BY k.answer DESC LIMIT $1 OFFSET $2

-- name: challenges_of
SELECT k.uuid, k.publication, k.part, k.part_id, k.person, k.wrong, k.source, k.recorded_at,
       a.id, a.accepted, a.words, a.said, a.says, a.corrected_on, a.recorded_at
FROM challenge k LEFT JOIN challenge_answer a ON a.id = k.answer
WHERE k.person = $1
ORDER BY k.recorded_at DESC, k.uuid LIMIT $2

-- name: corrections_of
SELECT k.uuid, k.publication, k.part, k.part_id, NULL, k.wrong, k.source, k.recorded_at,
       a.id, a.accepted, a.words, a.said, a.says, a.corrected_on, a.recorded_at
FROM challenge k JOIN challenge_answer a ON a.id = k.answer
WHERE k.course = $1 AND k.answer > 0 AND a.accepted = 1
ORDER BY a.corrected_on DESC, a.id DESC LIMIT $2 OFFSET $3
