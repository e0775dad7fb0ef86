-- An attempt's answers are one tree, in which an operation id is found and refused a second time:
-- an answer touches one page where it touched two. What was asked, an item in one wording, stands
-- in a table of its own: a row of answers is half as long.
CREATE TABLE item_version (
    id        INTEGER PRIMARY KEY,
    item      TEXT NOT NULL,
    item_hash TEXT NOT NULL,
    UNIQUE (item_hash, item)
) STRICT;

INSERT INTO item_version (item, item_hash)
SELECT item, item_hash FROM attempt_step UNION SELECT item, item_hash FROM pretest_step
ORDER BY item, item_hash;

CREATE TABLE attempt_answer_step (           -- append-only: every answer as it was given
    attempt      INTEGER NOT NULL REFERENCES attempt (id),
    op_id        TEXT NOT NULL,              -- a scripted save's operation id; from a plain form '=' and its own
    id           INTEGER NOT NULL,           -- grows within the attempt
    place        INTEGER NOT NULL,           -- of the item in the attempt's form: 1, 2, …
    item_version INTEGER NOT NULL REFERENCES item_version (id),
    answer       TEXT NOT NULL,              -- source option numbers
    mark         INTEGER NOT NULL,           -- thousandths
    recorded_at  INTEGER NOT NULL,
    PRIMARY KEY (attempt, op_id)
) STRICT, WITHOUT ROWID;

INSERT INTO attempt_answer_step (attempt, op_id, id, place, item_version, answer, mark, recorded_at)
SELECT s.attempt, COALESCE(s.op_id, '=' || s.item || '=' || s.id), s.id, s.place, v.id, s.answer, s.mark, s.recorded_at
FROM (SELECT s.*, length(s.before) - length(replace(s.before, ';', '')) AS place
      FROM (SELECT s.*, substr(';' || a.form, 1, instr(';' || a.form, ';' || s.item || ':')) AS before
            FROM attempt_step s JOIN attempt a ON a.id = s.attempt) s) s
JOIN item_version v ON v.item_hash = s.item_hash AND v.item = s.item
ORDER BY 1, 2;

DROP TABLE attempt_step;
ALTER TABLE attempt_answer_step RENAME TO attempt_step;

CREATE TABLE pretest_answer_step (           -- the same for pre-tests
    pretest      INTEGER NOT NULL REFERENCES pretest (id),
    op_id        TEXT NOT NULL,
    id           INTEGER NOT NULL,
    place        INTEGER NOT NULL,
    item_version INTEGER NOT NULL REFERENCES item_version (id),
    answer       TEXT NOT NULL,
    mark         INTEGER NOT NULL,
    recorded_at  INTEGER NOT NULL,
    PRIMARY KEY (pretest, op_id)
) STRICT, WITHOUT ROWID;

INSERT INTO pretest_answer_step (pretest, op_id, id, place, item_version, answer, mark, recorded_at)
SELECT s.pretest, COALESCE(s.op_id, '=' || s.item || '=' || s.id), s.id, s.place, v.id, s.answer, s.mark, s.recorded_at
FROM (SELECT s.*, length(s.before) - length(replace(s.before, ';', '')) AS place
      FROM (SELECT s.*, substr(';' || p.form, 1, instr(';' || p.form, ';' || s.item || ':')) AS before
            FROM pretest_step s JOIN pretest p ON p.id = s.pretest) s) s
JOIN item_version v ON v.item_hash = s.item_hash AND v.item = s.item
ORDER BY 1, 2;

DROP TABLE pretest_step;
ALTER TABLE pretest_answer_step RENAME TO pretest_step;
