-- Answers that whoever asked has read, so that they are news on My learning no longer.

CREATE TABLE answer_read (
    person  INTEGER NOT NULL REFERENCES person (id),
    place   TEXT NOT NULL,                   -- where it stands: "challenges", "alternative:COURSE"
    read_at INTEGER NOT NULL,                -- every answer up to this instant was read
    PRIMARY KEY (person, place)
) STRICT, WITHOUT ROWID;
