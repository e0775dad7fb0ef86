-- An administrator at the terminal is an actor, too, but nobody knows which person: actor NULL is the server's
-- command line. The rows are carried over as they are, numbers and hashes included.

CREATE TABLE audit_next (                    -- who did or saw what; ids only
    seq         INTEGER PRIMARY KEY,
    at          INTEGER NOT NULL,
    actor       INTEGER REFERENCES person (id),   -- NULL: the command line
    action      TEXT NOT NULL,               -- department.view, export.completion_by_department, …
    subject     TEXT NOT NULL,
    detail      TEXT NOT NULL,
    previous    BLOB NOT NULL,
    hash        BLOB NOT NULL
) STRICT;
INSERT INTO audit_next (seq, at, actor, action, subject, detail, previous, hash)
SELECT seq, at, actor, action, subject, detail, previous, hash FROM audit ORDER BY seq;
DROP TABLE audit;
ALTER TABLE audit_next RENAME TO audit;
CREATE INDEX audit_subject ON audit (subject, seq);

-- Links whose time has long ended are swept.
CREATE INDEX signin_link_expiry ON signin_link (expires_at);
