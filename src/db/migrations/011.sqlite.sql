-- The answer that stands is found in one step, however often it was changed before.
CREATE INDEX attempt_step_item ON attempt_step (attempt, item);
CREATE INDEX pretest_step_item ON pretest_step (pretest, item);
