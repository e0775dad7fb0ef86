-- What of a publication's frozen bytes does not fit into its row: pieces in order, put down one at a
-- time before the row that makes them a publication.
CREATE TABLE publication_piece (
    id     INTEGER PRIMARY KEY,
    hash   TEXT NOT NULL,                    -- of the publication: its content hash
    number INTEGER NOT NULL,                 -- 1, 2, …
    bytes  BLOB NOT NULL,
    UNIQUE (hash, number)
) STRICT;
