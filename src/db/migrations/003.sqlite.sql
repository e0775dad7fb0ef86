-- Publishing: what changed in words for learners, who published (NULL: the command line), and under
-- which publication a thing was done. NULL there is the enrolment's own.

ALTER TABLE publication ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE publication ADD COLUMN published_by INTEGER REFERENCES person (id);
-- The way from one publication to the next, without reading past their bytes.
CREATE INDEX publication_chain ON publication (course, id, change_kind, published_at);

ALTER TABLE lesson_visit ADD COLUMN done_publication INTEGER REFERENCES publication (id);
ALTER TABLE practice_step ADD COLUMN publication INTEGER REFERENCES publication (id);
ALTER TABLE case_step ADD COLUMN publication INTEGER REFERENCES publication (id);
ALTER TABLE status_now ADD COLUMN done_publication INTEGER REFERENCES publication (id);

CREATE TABLE correction_seen (               -- the latest correction a finisher has put away
    person      INTEGER NOT NULL REFERENCES person (id),
    course      TEXT NOT NULL,
    publication INTEGER NOT NULL REFERENCES publication (id),
    seen_at     INTEGER NOT NULL,
    PRIMARY KEY (person, course)
) STRICT, WITHOUT ROWID;
