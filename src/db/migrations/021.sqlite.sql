-- An attempt's answers lie together, an item's in the order in which they were given, so that the one
-- that stands is a step away and an answer touches two trees, not three.
CREATE TABLE attempt_answer_step (           -- append-only: every answer as it was given
    attempt     INTEGER NOT NULL REFERENCES attempt (id),
    item        TEXT NOT NULL,
    id          INTEGER NOT NULL,            -- grows within an item and, while the clock does, an attempt
    op_id       TEXT,                        -- a scripted save's operation id; NULL from a plain form
    item_hash   TEXT NOT NULL,
    answer      TEXT NOT NULL,               -- source option numbers
    mark        INTEGER NOT NULL,            -- thousandths
    recorded_at INTEGER NOT NULL,
    PRIMARY KEY (attempt, item, id),
    UNIQUE (attempt, op_id)                  -- NULLs are distinct
) STRICT, WITHOUT ROWID;

INSERT INTO attempt_answer_step (attempt, item, id, op_id, item_hash, answer, mark, recorded_at)
SELECT attempt, item, id, op_id, item_hash, answer, mark, recorded_at
FROM attempt_step ORDER BY attempt, item, id;

DROP TABLE attempt_step;
ALTER TABLE attempt_answer_step RENAME TO attempt_step;
