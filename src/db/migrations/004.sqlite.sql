-- What somebody knew before: items of the learning check, answered once before the course's first
-- lesson. Tables of their own, so that whatever reads attempts reads learning checks only.

CREATE TABLE pretest (
    id           INTEGER PRIMARY KEY,
    uuid         TEXT NOT NULL UNIQUE,
    enrolment    INTEGER NOT NULL UNIQUE REFERENCES enrolment (id),
    person       INTEGER NOT NULL REFERENCES person (id),
    publication  INTEGER NOT NULL REFERENCES publication (id),
    form         TEXT NOT NULL,              -- as of an attempt: items and layouts, fixed at start
    item_count   INTEGER NOT NULL,
    started_at   INTEGER NOT NULL,
    submitted_at INTEGER
) STRICT;

CREATE TABLE pretest_step (                  -- append-only: every answer as it was given
    id          INTEGER PRIMARY KEY,
    pretest     INTEGER NOT NULL REFERENCES pretest (id),
    op_id       TEXT,                        -- a scripted save's operation id; NULL from a plain form
    item        TEXT NOT NULL,
    item_hash   TEXT NOT NULL,
    answer      TEXT NOT NULL,
    mark        INTEGER NOT NULL,            -- thousandths
    recorded_at INTEGER NOT NULL,
    UNIQUE (pretest, op_id)                  -- also the way to a pretest's steps; NULLs are distinct
) STRICT;

CREATE TABLE pretest_skip (                  -- not wanted, for good
    person     INTEGER NOT NULL REFERENCES person (id),
    course     TEXT NOT NULL,
    skipped_at INTEGER NOT NULL,
    PRIMARY KEY (person, course)
) STRICT, WITHOUT ROWID;
