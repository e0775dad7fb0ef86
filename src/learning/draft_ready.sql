-- name: draft_ready_list
-- scan: the site's drafts, some dozens, for one page of an administrator
SELECT d.uuid, d.title, d.course, d.id, d.ready_version, d.head, d.ready_at, d.owner, o.name, s.name, r.name,
       v.errors
FROM draft d JOIN draft_version v ON v.draft = d.id AND v.number = d.ready_version
JOIN person o ON o.id = d.owner
JOIN person s ON s.id = v.saved_by
JOIN person r ON r.id = d.ready_by
ORDER BY d.ready_at, d.id
LIMIT $1

-- name: draft_ready_count
-- scan: the site's drafts, some dozens, for one page of an administrator
SELECT COUNT(*) FROM draft WHERE ready_version IS NOT NULL

-- name: draft_ready_find
SELECT d.uuid, d.title, d.course, d.id, d.ready_version, d.head, d.ready_at, d.owner, o.name, s.name, r.name,
       v.errors
FROM draft d JOIN draft_version v ON v.draft = d.id AND v.number = d.ready_version
JOIN person o ON o.id = d.owner
JOIN person s ON s.id = v.saved_by
JOIN person r ON r.id = d.ready_by
WHERE d.uuid = $1

-- name: draft_ready_done
UPDATE draft SET ready_version = NULL, ready_at = NULL, ready_by = NULL
WHERE uuid = $1 AND ready_version = $2

-- name: publication_draft_insert
INSERT INTO publication_draft (publication, draft, version, writer) VALUES ($1, $2, $3, $4)

-- name: publication_drafts
SELECT x.publication, x.draft, x.version, o.name, EXISTS (SELECT 1 FROM draft d WHERE d.uuid = x.draft)
FROM publication p JOIN publication_draft x ON x.publication = p.id
JOIN person o ON o.id = x.writer
WHERE p.course = $1
ORDER BY x.publication DESC
LIMIT $2

-- name: draft_published
SELECT x.version, p.course, p.hash, p.version, p.change_kind, p.published_at
FROM publication_draft x JOIN publication p ON p.id = x.publication
WHERE x.draft = $1
ORDER BY x.publication DESC
LIMIT 1
