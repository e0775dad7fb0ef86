-- Which publications were made from a draft. The draft is known by its uuid, because it may be deleted
-- when its publication still stands.
CREATE TABLE publication_draft (
    publication INTEGER PRIMARY KEY REFERENCES publication (id),
    draft       TEXT NOT NULL,
    version     INTEGER NOT NULL,            -- of the draft
    writer      INTEGER NOT NULL REFERENCES person (id) -- the draft's owner
) STRICT;
CREATE INDEX publication_draft_draft ON publication_draft (draft);
