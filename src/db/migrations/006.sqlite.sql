-- What comes back after a course: spaced questions (learning/follow_up.h) and commitments with their
-- checks (learning/commitment.h). Rows only say what was offered, answered, put off or switched;
-- what is due follows from them and from the completions at any instant.

CREATE TABLE follow_up (                     -- questions that were offered, one row for each due day
    id        INTEGER PRIMARY KEY,
    uuid      TEXT NOT NULL UNIQUE,
    person    INTEGER NOT NULL REFERENCES person (id),
    enrolment INTEGER NOT NULL REFERENCES enrolment (id),
    day       INTEGER NOT NULL,              -- after the completion of this enrolment
    seed      INTEGER NOT NULL,              -- fixes the choice and the order of options
    UNIQUE (enrolment, day)
) STRICT;
CREATE INDEX follow_up_person ON follow_up (person, id);

CREATE TABLE follow_up_item (                -- its questions, pooled across courses
    follow_up   INTEGER NOT NULL REFERENCES follow_up (id),
    place       INTEGER NOT NULL,            -- 1, 2
    publication INTEGER NOT NULL REFERENCES publication (id),
    item        TEXT NOT NULL,
    item_hash   TEXT NOT NULL,
    PRIMARY KEY (follow_up, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE follow_up_step (                -- answers; the first to a question stands
    id          INTEGER PRIMARY KEY,
    follow_up   INTEGER NOT NULL REFERENCES follow_up (id),
    op_id       TEXT,                        -- a scripted save's operation id
    publication INTEGER NOT NULL REFERENCES publication (id),
    item        TEXT NOT NULL,
    item_hash   TEXT NOT NULL,
    answer      TEXT NOT NULL,
    mark        INTEGER NOT NULL,            -- thousandths
    recorded_at INTEGER NOT NULL,
    UNIQUE (follow_up, item)
) STRICT;

CREATE TABLE follow_up_event (               -- offered and put off; on and off for all of a person's
    id          INTEGER PRIMARY KEY,
    person      INTEGER NOT NULL REFERENCES person (id),
    follow_up   INTEGER REFERENCES follow_up (id),
    kind        TEXT NOT NULL CHECK (kind IN ('offered', 'put_off', 'on', 'off')),
    recorded_at INTEGER NOT NULL,
    CHECK ((follow_up IS NULL) = (kind IN ('on', 'off')))
) STRICT;
CREATE INDEX follow_up_event_of ON follow_up_event (follow_up, kind, recorded_at);
CREATE INDEX follow_up_event_person ON follow_up_event (person, follow_up, id);

CREATE TABLE commitment (                    -- what somebody means to do, for their own eyes: the latest wording only
    id          INTEGER PRIMARY KEY,
    uuid        TEXT NOT NULL UNIQUE,
    person      INTEGER NOT NULL REFERENCES person (id),
    course      TEXT NOT NULL,
    publication INTEGER NOT NULL REFERENCES publication (id),  -- whose commitment_days count
    sealed      BLOB NOT NULL,               -- learning/secret.h
    made_at     INTEGER NOT NULL,
    saved_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX commitment_person ON commitment (person, id);

CREATE TABLE commitment_check (              -- "did it happen?": asked, put off, answered; never the text
    id          INTEGER PRIMARY KEY,
    commitment  INTEGER NOT NULL REFERENCES commitment (id),
    day         INTEGER NOT NULL,            -- after it was made; 0: told without being asked
    kind        TEXT NOT NULL CHECK (kind IN ('offered', 'put_off', 'answered')),
    outcome     TEXT CHECK (outcome IN ('done', 'partly', 'not_yet', 'no_longer')),
    recorded_at INTEGER NOT NULL,
    CHECK ((kind = 'answered') = (outcome IS NOT NULL))
) STRICT;
CREATE INDEX commitment_check_of ON commitment_check (commitment, day, kind, recorded_at);
