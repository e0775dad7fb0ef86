-- name: draft_insert
INSERT INTO draft (uuid, owner, course, title, head, created_at, changed_at)
VALUES ($1, $2, $3, $4, 0, $5, $5)

-- name: draft_by_uuid
SELECT d.id, d.uuid, d.owner, o.name, d.course, d.title, d.head, d.ready_version, d.ready_at, d.created_at,
       d.changed_at, v.errors, v.warnings, v.hash, v.note, s.name
FROM draft d JOIN person o ON o.id = d.owner
JOIN draft_version v ON v.draft = d.id AND v.number = d.head
JOIN person s ON s.id = v.saved_by
WHERE d.uuid = $1

-- name: draft_list
-- scan: the site's drafts, some dozens, for those who write them
SELECT d.id, d.uuid, d.owner, o.name, d.course, d.title, d.head, d.ready_version, d.ready_at, d.created_at,
       d.changed_at, v.errors, v.warnings, v.hash, v.note, s.name,
       (SELECT COUNT(*) FROM review_comment r WHERE r.draft = d.id AND r.resolved_at IS NULL),
       (SELECT COUNT(*) FROM review_signoff g
        WHERE g.draft = d.id AND g.confirmed_at IS NULL AND g.declined_at IS NULL)
FROM draft d JOIN person o ON o.id = d.owner
JOIN draft_version v ON v.draft = d.id AND v.number = d.head
JOIN person s ON s.id = v.saved_by
ORDER BY d.changed_at DESC, d.id DESC
LIMIT $1

-- name: draft_count_of
SELECT COUNT(*) FROM draft WHERE owner = $1

-- name: draft_unfinished
SELECT id FROM draft WHERE owner = $1 AND head = 0 AND created_at < $2

-- name: draft_set_head
UPDATE draft SET head = $3, course = $4, title = $5, changed_at = $6
WHERE id = $1 AND head = $2

-- name: draft_set_ready
UPDATE draft SET ready_version = $2, ready_at = $3, ready_by = $4 WHERE id = $1

-- name: draft_version_insert
INSERT INTO draft_version (draft, number, hash, note, errors, warnings, saved_at, saved_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)

-- name: draft_versions
SELECT v.number, v.hash, v.note, v.errors, v.warnings, v.saved_at, p.name
FROM draft_version v JOIN person p ON p.id = v.saved_by
WHERE v.draft = $1
ORDER BY v.number DESC
LIMIT $2

-- name: draft_version_one
SELECT v.number, v.hash, v.note, v.errors, v.warnings, v.saved_at, p.name
FROM draft_version v JOIN person p ON p.id = v.saved_by
WHERE v.draft = $1 AND v.number = $2

-- name: draft_blob_insert
INSERT INTO draft_blob (draft, hash, bytes) VALUES ($1, $2, $3)
ON CONFLICT (draft, hash) DO NOTHING

-- name: draft_file_insert
INSERT INTO draft_file (draft, version, path, hash, size) VALUES ($1, $2, $3, $4, $5)

-- name: draft_files
SELECT f.path, b.bytes
FROM draft_file f JOIN draft_blob b ON b.draft = f.draft AND b.hash = f.hash
WHERE f.draft = $1 AND f.version = $2
ORDER BY f.path

-- name: draft_version_totals
SELECT COUNT(*) FROM draft_version WHERE draft = $1

-- name: draft_blob_total
SELECT COALESCE(SUM(LENGTH(bytes)), 0) FROM draft_blob WHERE draft = $1

-- name: draft_oldest_free
SELECT v.number FROM draft_version v JOIN draft d ON d.id = v.draft
WHERE v.draft = $1 AND v.number < d.head AND v.number <> COALESCE(d.ready_version, 0)
  AND NOT EXISTS (SELECT 1 FROM review_link k WHERE k.draft = v.draft AND k.version = v.number)
  AND NOT EXISTS (SELECT 1 FROM review_signoff s WHERE s.draft = v.draft AND s.version = v.number)
ORDER BY v.number
LIMIT 1

-- name: draft_delete_files_of
DELETE FROM draft_file WHERE draft = $1 AND version = $2

-- name: draft_delete_version
DELETE FROM draft_version WHERE draft = $1 AND number = $2

-- name: draft_delete_unused_blobs
DELETE FROM draft_blob
WHERE draft = $1
  AND NOT EXISTS (SELECT 1 FROM draft_file f WHERE f.draft = draft_blob.draft AND f.hash = draft_blob.hash)

-- name: draft_delete_comments
DELETE FROM review_comment WHERE draft = $1

-- name: draft_delete_signoffs
DELETE FROM review_signoff WHERE draft = $1

-- name: draft_delete_links
DELETE FROM review_link WHERE draft = $1

-- name: draft_delete_files
DELETE FROM draft_file WHERE draft = $1

-- name: draft_delete_versions
DELETE FROM draft_version WHERE draft = $1

-- name: draft_delete_blobs
DELETE FROM draft_blob WHERE draft = $1

-- name: draft_delete
DELETE FROM draft WHERE id = $1
