-- Accounts that were deleted (learning/erasure.h). The row of a person stays, because completions and
-- certificates hang on its number; nothing in it says who it was.
ALTER TABLE person ADD COLUMN erased_at INTEGER;     -- NULL: the account stands

CREATE TABLE erasure_due (                   -- deletions that are not known to be complete
    person INTEGER PRIMARY KEY REFERENCES person (id),
    since  INTEGER NOT NULL
) STRICT;

-- The way from a request to its answers.
CREATE INDEX alternative_answer_of ON alternative_answer (alternative);
