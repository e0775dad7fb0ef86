-- A path can be taken back to a decision: a run then begins with that many choices of the run before.
-- The row that begins a run has no scene and no choice; runs that began at the start keep none.
ALTER TABLE case_step ADD COLUMN kept INTEGER NOT NULL DEFAULT 0;
