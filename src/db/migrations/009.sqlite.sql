-- Time on task and the transcript (learning/activity.h, learning/transcript.h). For the learner alone.

CREATE TABLE active_minute (                 -- minutes in which somebody was seen at work; an estimate
    enrolment INTEGER NOT NULL REFERENCES enrolment (id),
    minute    INTEGER NOT NULL,              -- since 1970 (UTC)
    PRIMARY KEY (enrolment, minute)
) STRICT, WITHOUT ROWID;

CREATE TABLE external_credit (               -- added by the learner, verified by nobody
    id          INTEGER PRIMARY KEY,
    uuid        TEXT NOT NULL UNIQUE,
    person      INTEGER NOT NULL REFERENCES person (id),
    title       TEXT NOT NULL,
    provider    TEXT NOT NULL,
    earned_on   TEXT NOT NULL,               -- 2026-12-04
    hours       INTEGER NOT NULL,            -- hundredths
    recorded_at INTEGER NOT NULL
) STRICT;
CREATE INDEX external_credit_person ON external_credit (person, earned_on);
