-- A key whose private half somebody else may have stays withdrawn whatever a restored folder of keys
-- says, and its certificates are found without reading all of them.
ALTER TABLE signing_key ADD COLUMN compromised_at INTEGER;         -- NULL: it was not
ALTER TABLE signing_key ADD COLUMN compromised_why TEXT;           -- as it was typed; never public
CREATE INDEX certificate_key ON certificate (key_id);
