-- What people say back: "Challenge this" with its answers and corrections, and "Ask for an
-- alternative" with its answers. Requests and answers are never changed; `answer` points at the one
-- that counts.

CREATE TABLE challenge (                     -- what somebody holds to be wrong in a lesson or an item
    uuid        TEXT PRIMARY KEY,            -- random, and the only order there is: with no person, a
    course      TEXT NOT NULL,               -- row must not tell by its place when it came
    publication INTEGER NOT NULL REFERENCES publication (id),
    part        TEXT NOT NULL CHECK (part IN ('lesson', 'item')),
    part_id     TEXT NOT NULL,
    part_hash   TEXT NOT NULL,
    person      INTEGER REFERENCES person (id),  -- NULL: anonymous
    wrong       TEXT NOT NULL,
    source      TEXT NOT NULL,               -- "" when none was named
    recorded_at INTEGER NOT NULL,            -- anonymous: the beginning of the site's day
    answer      INTEGER REFERENCES challenge_answer (id)   -- NULL: open
) STRICT, WITHOUT ROWID;
CREATE INDEX challenge_by_answer ON challenge (answer);
CREATE INDEX challenge_by_course ON challenge (course, answer);
CREATE INDEX challenge_by_person ON challenge (person);

CREATE TABLE challenge_answer (
    id           INTEGER PRIMARY KEY,
    challenge    TEXT NOT NULL REFERENCES challenge (uuid),
    accepted     INTEGER NOT NULL CHECK (accepted IN (0, 1)),
    words        TEXT NOT NULL,
    said         TEXT NOT NULL,              -- accepted: what the course said, what it says now, and
    says         TEXT NOT NULL,              -- since which day ("2026-12-04"); else ""
    corrected_on TEXT NOT NULL,
    actor        INTEGER NOT NULL REFERENCES person (id),
    recorded_at  INTEGER NOT NULL
) STRICT;

CREATE TABLE alternative (                   -- another way asked for; nothing of why
    id          INTEGER PRIMARY KEY,
    uuid        TEXT NOT NULL UNIQUE,
    person      INTEGER NOT NULL REFERENCES person (id),
    course      TEXT NOT NULL,
    words       TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    answer      INTEGER REFERENCES alternative_answer (id)  -- NULL: open
) STRICT;
CREATE INDEX alternative_by_person ON alternative (person, course);
CREATE INDEX alternative_by_answer ON alternative (answer);

CREATE TABLE alternative_answer (
    id          INTEGER PRIMARY KEY,
    alternative INTEGER NOT NULL REFERENCES alternative (id),
    outcome     TEXT NOT NULL CHECK (outcome IN ('excused', 'another', 'declined', 'withdrawn')),
    words       TEXT NOT NULL,
    waiver      INTEGER REFERENCES waiver (id),  -- of 'excused'
    actor       INTEGER NOT NULL REFERENCES person (id),
    recorded_at INTEGER NOT NULL
) STRICT;
