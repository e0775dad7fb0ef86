-- A certificate may be followed by another of the same enrolment (a changed name, a new key, a
-- renewal); one of them is the present one. What it was given out for stands in its own row.
CREATE TABLE certificate_next (              -- frozen at issue, never deleted; ids have no gaps
    id            INTEGER PRIMARY KEY,
    uuid          TEXT NOT NULL UNIQUE,
    token         TEXT NOT NULL UNIQUE,      -- the public link's 26 characters
    person        INTEGER NOT NULL REFERENCES person (id),
    enrolment     INTEGER NOT NULL REFERENCES enrolment (id),
    publication   INTEGER NOT NULL REFERENCES publication (id),      -- as it was completed
    by_assessment INTEGER NOT NULL CHECK (by_assessment IN (0, 1)),
    current       INTEGER NOT NULL DEFAULT 1 CHECK (current IN (0, 1)), -- the latest of its enrolment
    shared        INTEGER NOT NULL DEFAULT 1 CHECK (shared IN (0, 1)),  -- by its link; the holder's choice
    key_id        TEXT NOT NULL,
    status_list   INTEGER NOT NULL REFERENCES status_list (id),
    status_index  INTEGER NOT NULL,
    earned_at     INTEGER NOT NULL,
    issued_at     INTEGER NOT NULL,
    valid_until   INTEGER,                   -- NULL: it does not expire
    bytes         TEXT NOT NULL,             -- the signed credential, exactly as served
    sha256        BLOB NOT NULL,
    UNIQUE (status_list, status_index)
) STRICT;
INSERT INTO certificate_next (id, uuid, token, person, enrolment, publication, by_assessment, key_id,
                              status_list, status_index, earned_at, issued_at, bytes, sha256)
SELECT c.id, c.uuid, c.token, c.person, c.enrolment, COALESCE(s.done_publication, e.publication),
       COALESCE(s.by_assessment, 0), c.key_id, c.status_list, c.status_index, c.earned_at,
       c.issued_at, c.bytes, c.sha256
FROM certificate c
JOIN enrolment e ON e.id = c.enrolment
LEFT JOIN status_now s ON s.person = e.person AND s.course = e.course
ORDER BY c.id;
DROP TABLE certificate;
ALTER TABLE certificate_next RENAME TO certificate;
CREATE INDEX certificate_person ON certificate (person);
CREATE UNIQUE INDEX certificate_current ON certificate (enrolment) WHERE current = 1;

CREATE TABLE certificate_revocation (        -- a certificate's bit in its status list; append-only
    certificate  INTEGER PRIMARY KEY REFERENCES certificate (id),
    kind         TEXT NOT NULL CHECK (kind IN ('revoked', 'superseded')),
    reason       TEXT NOT NULL,              -- as an administrator typed it; never public
    actor        INTEGER REFERENCES person (id),                     -- NULL: the command line
    recorded_at  INTEGER NOT NULL,
    status_list  INTEGER NOT NULL REFERENCES status_list (id),
    status_index INTEGER NOT NULL,
    UNIQUE (status_list, status_index)
) STRICT;

ALTER TABLE status_list ADD COLUMN changes INTEGER NOT NULL DEFAULT 0;  -- bits set until now
