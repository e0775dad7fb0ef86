-- When the key to private writing is lost and people begin anew, what was sealed with it is kept and
-- steps aside: it no longer stands where it was written, so something new may (learning/secret.h).
CREATE TABLE reflection_next (
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
    set_aside_at   INTEGER                   -- NULL: it stands
) STRICT;
INSERT INTO reflection_next (id, uuid, person, course, lesson, prompt, publication, sealed, first_saved_at, saved_at)
SELECT id, uuid, person, course, lesson, prompt, publication, sealed, first_saved_at, saved_at FROM reflection;
DROP TABLE reflection;
ALTER TABLE reflection_next RENAME TO reflection;
CREATE UNIQUE INDEX reflection_place ON reflection (person, course, lesson, prompt) WHERE set_aside_at IS NULL;
CREATE INDEX reflection_person ON reflection (person, course, first_saved_at);
