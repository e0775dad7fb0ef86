-- name: finished_courses
SELECT enrolment, done_at FROM status_now
WHERE person = $1 AND done_at IS NOT NULL ORDER BY done_at, enrolment

-- name: follow_ups_of
SELECT f.id, f.uuid, f.enrolment, f.day, f.seed,
       (SELECT COUNT(*) FROM follow_up_item i WHERE i.follow_up = f.id),
       (SELECT COUNT(*) FROM follow_up_step s WHERE s.follow_up = f.id),
       (SELECT MAX(s.recorded_at) FROM follow_up_step s WHERE s.follow_up = f.id),
       (SELECT MAX(v.recorded_at) FROM follow_up_event v
        WHERE v.follow_up = f.id AND v.kind = 'offered'),
       (SELECT MAX(v.recorded_at) FROM follow_up_event v
        WHERE v.follow_up = f.id AND v.kind = 'put_off')
FROM follow_up f WHERE f.person = $1 ORDER BY f.id

-- name: follow_up_insert
INSERT INTO follow_up (uuid, person, enrolment, day, seed) VALUES ($1, $2, $3, $4, $5)

-- name: follow_up_item_insert
INSERT INTO follow_up_item (follow_up, place, publication, item, item_hash)
VALUES ($1, $2, $3, $4, $5)

-- name: follow_up_note
INSERT INTO follow_up_event (person, follow_up, kind, recorded_at) VALUES ($1, $2, $3, $4)

-- name: follow_up_items
SELECT COALESCE(s.publication, i.publication), i.item, s.answer, s.mark
FROM follow_up_item i LEFT JOIN follow_up_step s ON s.follow_up = i.follow_up AND s.item = i.item
WHERE i.follow_up = $1 ORDER BY i.place

-- name: follow_up_step_insert
INSERT INTO follow_up_step
    (follow_up, op_id, publication, item, item_hash, answer, mark, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)

-- name: follow_up_operation
SELECT item FROM follow_up_step WHERE follow_up = $1 AND op_id = $2

-- name: follow_up_last_switch
SELECT kind, recorded_at FROM follow_up_event
WHERE person = $1 AND follow_up IS NULL ORDER BY id DESC LIMIT 1

-- What a person has answered, oldest first: in learning checks handed in …
-- name: checked_before
SELECT v.item, s.mark
FROM attempt a JOIN attempt_step s ON s.attempt = a.id JOIN item_version v ON v.id = s.item_version
WHERE a.enrolment = $1 AND a.submitted_at IS NOT NULL ORDER BY a.number, s.id, v.item

-- … and in follow-ups; mark NULL: left open.
-- name: asked_before
SELECT f.id, i.item, s.mark
FROM follow_up f JOIN follow_up_item i ON i.follow_up = f.id
LEFT JOIN follow_up_step s ON s.follow_up = f.id AND s.item = i.item
WHERE f.person = $1 ORDER BY f.id, i.place
