-- Authoring. The grants' table is built anew, because a CHECK cannot be changed: rows and ids stay.

CREATE TABLE role_grant_with_author (
    id            INTEGER PRIMARY KEY,
    person        INTEGER NOT NULL REFERENCES person (id),
    role          TEXT NOT NULL CHECK (role IN ('chair', 'evaluator', 'administrator', 'author')),
    department    INTEGER REFERENCES department (id),
    valid_from    INTEGER NOT NULL,
    valid_to      INTEGER,
    recorded_at   INTEGER NOT NULL,
    superseded_by INTEGER REFERENCES role_grant_with_author (id),
    CHECK ((role = 'chair') = (department IS NOT NULL))
) STRICT;
INSERT INTO role_grant_with_author (id, person, role, department, valid_from, valid_to, recorded_at, superseded_by)
SELECT id, person, role, department, valid_from, valid_to, recorded_at, superseded_by FROM role_grant;
DROP TABLE role_grant;
ALTER TABLE role_grant_with_author RENAME TO role_grant;
CREATE INDEX role_grant_person ON role_grant (person);

-- A draft of a course: whose it is, and its versions. Every save is a version; none is ever changed.
CREATE TABLE draft (
    id         INTEGER PRIMARY KEY,
    uuid       TEXT NOT NULL UNIQUE,
    owner      INTEGER NOT NULL REFERENCES person (id),
    course     TEXT NOT NULL,                -- as its course.json says, or as it was begun
    title      TEXT NOT NULL,                -- likewise, for lists
    head       INTEGER NOT NULL,             -- number of the present version
    ready_version INTEGER,                   -- the version that was sent to the administrator
    ready_at   INTEGER,
    ready_by   INTEGER REFERENCES person (id),
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX draft_owner ON draft (owner);

CREATE TABLE draft_version (
    id       INTEGER PRIMARY KEY,
    draft    INTEGER NOT NULL REFERENCES draft (id),
    number   INTEGER NOT NULL,               -- 1, 2, …
    hash     TEXT NOT NULL,                  -- the content hash of its files
    note     TEXT NOT NULL,                  -- what was done
    errors   INTEGER NOT NULL,               -- what the check said on that day
    warnings INTEGER NOT NULL,
    saved_at INTEGER NOT NULL,
    saved_by INTEGER NOT NULL REFERENCES person (id),
    UNIQUE (draft, number)
) STRICT;

CREATE TABLE draft_blob (                    -- a file's bytes, kept once for all versions that hold them
    draft INTEGER NOT NULL REFERENCES draft (id),
    hash  BLOB NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (draft, hash)
) STRICT;

CREATE TABLE draft_file (
    draft   INTEGER NOT NULL,
    version INTEGER NOT NULL,
    path    TEXT NOT NULL,
    hash    BLOB NOT NULL,
    size    INTEGER NOT NULL,
    PRIMARY KEY (draft, version, path),
    FOREIGN KEY (draft, version) REFERENCES draft_version (draft, number),
    FOREIGN KEY (draft, hash) REFERENCES draft_blob (draft, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX draft_file_blob ON draft_file (draft, hash);

CREATE TABLE review_link (                   -- for a colleague without an account
    id           INTEGER PRIMARY KEY,
    draft        INTEGER NOT NULL,
    version      INTEGER NOT NULL,
    token_hash   BLOB NOT NULL UNIQUE,
    made_by      INTEGER NOT NULL REFERENCES person (id),
    made_at      INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    withdrawn_at INTEGER,
    FOREIGN KEY (draft, version) REFERENCES draft_version (draft, number)
) STRICT;
CREATE INDEX review_link_draft ON review_link (draft, version);

CREATE TABLE review_comment (
    id          INTEGER PRIMARY KEY,
    draft       INTEGER NOT NULL REFERENCES draft (id),
    link        INTEGER NOT NULL REFERENCES review_link (id),
    file        TEXT NOT NULL,
    block       TEXT NOT NULL,               -- from the file's name and the block's own text
    line        INTEGER NOT NULL,            -- where it stood in the version that was read
    excerpt     TEXT NOT NULL,               -- how it began
    name        TEXT NOT NULL,               -- as typed; nobody has checked it
    body        TEXT NOT NULL,
    written_at  INTEGER NOT NULL,
    resolved_at INTEGER,
    resolved_by INTEGER REFERENCES person (id)
) STRICT;
CREATE INDEX review_comment_draft ON review_comment (draft, file);
CREATE INDEX review_comment_link ON review_comment (link);

CREATE TABLE review_signoff (                -- a reviewer stands by one version
    id           INTEGER PRIMARY KEY,
    draft        INTEGER NOT NULL,
    version      INTEGER NOT NULL,
    hash         TEXT NOT NULL,              -- of the version signed
    link         INTEGER REFERENCES review_link (id),   -- NULL: recorded by an author
    name         TEXT NOT NULL,
    role         TEXT NOT NULL,
    signed_on    TEXT NOT NULL,              -- 2026-12-04
    offered_at   INTEGER NOT NULL,
    confirmed_at INTEGER,                    -- written into course.json
    confirmed_by INTEGER REFERENCES person (id),
    declined_at  INTEGER,
    FOREIGN KEY (draft, version) REFERENCES draft_version (draft, number)
) STRICT;
CREATE INDEX review_signoff_draft ON review_signoff (draft, version);
CREATE INDEX review_signoff_link ON review_signoff (link);
