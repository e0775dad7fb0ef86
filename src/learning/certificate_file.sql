-- name: certificate_file
SELECT bytes FROM certificate_file WHERE certificate = $1 AND kind = $2

-- name: certificate_file_insert
INSERT INTO certificate_file (certificate, kind, bytes, sha256, made_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (certificate, kind) DO NOTHING

-- name: certificate_files_all
-- scan: every stored file is being proved
SELECT c.uuid, f.kind, f.bytes, f.sha256, c.bytes
FROM certificate_file f
JOIN certificate c ON c.id = f.certificate
ORDER BY f.certificate, f.kind
