-- Private writing: sealed with a key that is not in this file (learning/secret.h).

CREATE TABLE private_key (                   -- which keys sealed something here; never a key itself
    id            BLOB PRIMARY KEY,          -- 8 bytes, made from the key one way
    first_used_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE reflection (                    -- what people wrote for their own eyes: the latest wording only
    id             INTEGER PRIMARY KEY,
    uuid           TEXT NOT NULL UNIQUE,
    person         INTEGER NOT NULL REFERENCES person (id),
    course         TEXT NOT NULL,
    lesson         TEXT NOT NULL,
    prompt         TEXT NOT NULL,            -- the reflection's id in the course
    publication    INTEGER NOT NULL REFERENCES publication (id),  -- whose words of the prompt were answered
    sealed         BLOB NOT NULL,
    first_saved_at INTEGER NOT NULL,
    saved_at       INTEGER NOT NULL,
    UNIQUE (person, course, lesson, prompt)
) STRICT;
