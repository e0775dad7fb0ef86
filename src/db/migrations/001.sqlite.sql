-- Times are microseconds since 1970 (UTC); booleans 0/1; hashes and tokens' hashes are blobs.
-- History is append-only: rows of fact tables are superseded, never changed.

CREATE TABLE department (
    id          INTEGER PRIMARY KEY,
    code        TEXT NOT NULL UNIQUE,
    name        TEXT NOT NULL,
    recorded_at INTEGER NOT NULL
) STRICT;

CREATE TABLE person (
    id               INTEGER PRIMARY KEY,
    uuid             TEXT NOT NULL UNIQUE,
    external_id      TEXT UNIQUE,
    name             TEXT NOT NULL,
    sort_name        TEXT NOT NULL,          -- "family, given", lower case, for lists
    email            TEXT UNIQUE,            -- the present one, lower case; never the identity
    certificate_name TEXT,                   -- confirmed by the person, or NULL
    certificate_name_at INTEGER,
    learner_type     TEXT NOT NULL CHECK (learner_type IN ('faculty', 'resident', 'student', 'community')),
    profession       TEXT,
    discipline       TEXT,
    setting          TEXT,
    password_hash    TEXT,                   -- Argon2id string, or NULL: links only
    recorded_at      INTEGER NOT NULL
) STRICT;

CREATE TABLE person_email (                  -- every address a person has had
    person        INTEGER NOT NULL REFERENCES person (id),
    email         TEXT NOT NULL,
    valid_from    INTEGER NOT NULL,
    valid_to      INTEGER,
    recorded_at   INTEGER NOT NULL,
    PRIMARY KEY (person, valid_from)
) STRICT;

CREATE TABLE appointment (
    id            INTEGER PRIMARY KEY,
    person        INTEGER NOT NULL REFERENCES person (id),
    department    INTEGER NOT NULL REFERENCES department (id),
    title         TEXT NOT NULL,
    is_primary    INTEGER NOT NULL CHECK (is_primary IN (0, 1)),
    valid_from    INTEGER NOT NULL,
    valid_to      INTEGER,
    recorded_at   INTEGER NOT NULL,
    superseded_by INTEGER REFERENCES appointment (id)
) STRICT;
CREATE INDEX appointment_department ON appointment (department, person);
CREATE INDEX appointment_person ON appointment (person);

CREATE TABLE role_grant (
    id            INTEGER PRIMARY KEY,
    person        INTEGER NOT NULL REFERENCES person (id),
    role          TEXT NOT NULL CHECK (role IN ('chair', 'evaluator', 'administrator')),
    department    INTEGER REFERENCES department (id),
    valid_from    INTEGER NOT NULL,
    valid_to      INTEGER,
    recorded_at   INTEGER NOT NULL,
    superseded_by INTEGER REFERENCES role_grant (id),
    CHECK ((role = 'chair') = (department IS NOT NULL))
) STRICT;
CREATE INDEX role_grant_person ON role_grant (person);

CREATE TABLE signin_link (
    token_hash BLOB PRIMARY KEY,
    person     INTEGER NOT NULL REFERENCES person (id),
    return_to  TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    spent_at   INTEGER
) STRICT;
CREATE INDEX signin_link_person ON signin_link (person);

CREATE TABLE session (
    token_hash   BLOB PRIMARY KEY,
    person       INTEGER NOT NULL REFERENCES person (id),
    shared       INTEGER NOT NULL CHECK (shared IN (0, 1)),
    created_at   INTEGER NOT NULL,
    seen_at      INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL
) STRICT;
CREATE INDEX session_person ON session (person);
CREATE INDEX session_expiry ON session (expires_at);

CREATE TABLE publication (
    id           INTEGER PRIMARY KEY,
    course       TEXT NOT NULL,
    hash         TEXT NOT NULL,
    version      TEXT NOT NULL,
    title        TEXT NOT NULL,
    change_kind  TEXT NOT NULL CHECK (change_kind IN ('first', 'typo', 'correction', 'minor', 'material')),
    bytes        BLOB NOT NULL,
    published_at INTEGER NOT NULL,
    UNIQUE (course, hash)
) STRICT;

CREATE TABLE enrolment (
    id               INTEGER PRIMARY KEY,
    person           INTEGER NOT NULL REFERENCES person (id),
    course           TEXT NOT NULL,
    publication      INTEGER NOT NULL REFERENCES publication (id),
    base_publication INTEGER REFERENCES publication (id),   -- a delta for someone who had finished
    started_at       INTEGER NOT NULL,
    shuffle_seed     INTEGER NOT NULL,                      -- fixes the pre-test items of this learner
    UNIQUE (person, course, publication)
) STRICT;

CREATE TABLE lesson_visit (                  -- where the reader is; done_at once, by the reader's own button
    enrolment INTEGER NOT NULL REFERENCES enrolment (id),
    lesson    TEXT NOT NULL,
    first_at  INTEGER NOT NULL,
    last_at   INTEGER NOT NULL,
    done_at   INTEGER,
    PRIMARY KEY (enrolment, lesson)
) STRICT, WITHOUT ROWID;

CREATE TABLE practice_step (                 -- answers to the questions inside lessons; any number of tries
    id          INTEGER PRIMARY KEY,
    enrolment   INTEGER NOT NULL REFERENCES enrolment (id),
    item        TEXT NOT NULL,
    item_hash   TEXT NOT NULL,
    answer      TEXT NOT NULL,
    mark        INTEGER NOT NULL,            -- thousandths
    recorded_at INTEGER NOT NULL
) STRICT;
CREATE INDEX practice_step_enrolment ON practice_step (enrolment, item);

CREATE TABLE case_step (                     -- the path through a case, in order
    id          INTEGER PRIMARY KEY,
    enrolment   INTEGER NOT NULL REFERENCES enrolment (id),
    case_id     TEXT NOT NULL,
    run         INTEGER NOT NULL,            -- 1, 2, … : begun again
    scene       TEXT NOT NULL,
    choice      TEXT NOT NULL,
    next_scene  TEXT NOT NULL,
    recorded_at INTEGER NOT NULL
) STRICT;
CREATE INDEX case_step_enrolment ON case_step (enrolment, case_id, run);

CREATE TABLE attempt (
    id           INTEGER PRIMARY KEY,
    uuid         TEXT NOT NULL UNIQUE,
    enrolment    INTEGER NOT NULL REFERENCES enrolment (id),
    person       INTEGER NOT NULL REFERENCES person (id),
    publication  INTEGER NOT NULL REFERENCES publication (id),
    number       INTEGER NOT NULL,           -- 1, 2, … within the enrolment
    form         TEXT NOT NULL,              -- items and option order, fixed at start: "q-a:2,1,3;q-b:…"
    item_count   INTEGER NOT NULL,
    started_at   INTEGER NOT NULL,
    submitted_at INTEGER,
    mark         INTEGER,                    -- thousandths, summed over items
    right_count  INTEGER,                    -- items with the full mark
    passed       INTEGER CHECK (passed IN (0, 1)),
    UNIQUE (enrolment, number)
) STRICT;

CREATE TABLE attempt_step (                  -- append-only: every answer as it was given
    id          INTEGER PRIMARY KEY,
    attempt     INTEGER NOT NULL REFERENCES attempt (id),
    op_id       TEXT,                        -- a scripted save's operation id; NULL from a plain form
    item        TEXT NOT NULL,
    item_hash   TEXT NOT NULL,
    answer      TEXT NOT NULL,               -- source option numbers
    mark        INTEGER NOT NULL,            -- thousandths
    recorded_at INTEGER NOT NULL,
    UNIQUE (attempt, op_id)                  -- also the way to an attempt's steps; NULLs are distinct
) STRICT;

CREATE TABLE ledger (                        -- every fact that leads to a completion; ids only
    seq         INTEGER PRIMARY KEY,
    person      INTEGER NOT NULL REFERENCES person (id),
    enrolment   INTEGER NOT NULL REFERENCES enrolment (id),
    kind        TEXT NOT NULL,               -- began, lesson, case, attempt, completed, certificate
    subject     TEXT NOT NULL,               -- which lesson, case, attempt or certificate
    evidence    TEXT NOT NULL,               -- hex BLAKE2b-256 of the rows behind it, or ""
    earned_at   INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    actor       INTEGER NOT NULL REFERENCES person (id),
    reason      TEXT NOT NULL,
    previous    BLOB NOT NULL,               -- hash of the row before
    hash        BLOB NOT NULL
) STRICT;
CREATE INDEX ledger_enrolment ON ledger (enrolment, kind);

CREATE TABLE status_now (                    -- projection of the ledger, written in the same transaction
    person        INTEGER NOT NULL REFERENCES person (id),
    course        TEXT NOT NULL,
    enrolment     INTEGER NOT NULL REFERENCES enrolment (id),
    started_at    INTEGER NOT NULL,
    done_at       INTEGER,                   -- earned
    by_assessment INTEGER NOT NULL DEFAULT 0 CHECK (by_assessment IN (0, 1)),
    valid_until   INTEGER,
    PRIMARY KEY (person, course)
) STRICT, WITHOUT ROWID;

CREATE TABLE waiver (
    id            INTEGER PRIMARY KEY,
    person        INTEGER NOT NULL REFERENCES person (id),
    course        TEXT NOT NULL,
    reason        TEXT NOT NULL,
    actor         INTEGER NOT NULL REFERENCES person (id),
    valid_from    INTEGER NOT NULL,
    valid_to      INTEGER,
    recorded_at   INTEGER NOT NULL,
    superseded_by INTEGER REFERENCES waiver (id)
) STRICT;
CREATE INDEX waiver_person ON waiver (person, course);

CREATE TABLE status_list (
    id        INTEGER PRIMARY KEY,
    opened_at INTEGER NOT NULL,
    used      INTEGER NOT NULL DEFAULT 0     -- indexes given out; a new list opens at half full
) STRICT;

CREATE TABLE certificate (                   -- frozen at issue, never deleted
    id           INTEGER PRIMARY KEY,
    uuid         TEXT NOT NULL UNIQUE,
    token        TEXT NOT NULL UNIQUE,       -- the public link's 26 characters
    person       INTEGER NOT NULL REFERENCES person (id),
    enrolment    INTEGER NOT NULL UNIQUE REFERENCES enrolment (id),
    key_id       TEXT NOT NULL,
    status_list  INTEGER NOT NULL REFERENCES status_list (id),
    status_index INTEGER NOT NULL,
    earned_at    INTEGER NOT NULL,
    issued_at    INTEGER NOT NULL,
    bytes        TEXT NOT NULL,              -- the signed credential, exactly as served
    sha256       BLOB NOT NULL,
    UNIQUE (status_list, status_index)
) STRICT;
CREATE INDEX certificate_person ON certificate (person);

CREATE TABLE certificate_pending (           -- completed, but the certificate could not be made yet
    enrolment   INTEGER PRIMARY KEY REFERENCES enrolment (id),
    reason      TEXT NOT NULL,
    recorded_at INTEGER NOT NULL
) STRICT;

CREATE TABLE signing_key (
    id         TEXT PRIMARY KEY,             -- publicKeyMultibase
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE audit (                         -- who did or saw what; ids only
    seq         INTEGER PRIMARY KEY,
    at          INTEGER NOT NULL,
    actor       INTEGER NOT NULL REFERENCES person (id),
    action      TEXT NOT NULL,               -- department.view, export.completion_by_department, …
    subject     TEXT NOT NULL,
    detail      TEXT NOT NULL,
    previous    BLOB NOT NULL,
    hash        BLOB NOT NULL
) STRICT;
CREATE INDEX audit_subject ON audit (subject, seq);
