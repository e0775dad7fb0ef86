-- The transparency log. A leaf is a certificate's sha256, in the order of certificate.id; nothing is written
-- here when one is issued, but when a checkpoint is published.
CREATE TABLE log_tile (                      -- 256 hashes of the tree, one behind the other
    level  INTEGER NOT NULL,                 -- 0: of leaves; 1: roots over 256 leaves; 2: over 65,536; …
    number INTEGER NOT NULL,                 -- from the left, from 0
    hashes BLOB NOT NULL,                    -- the last one of a level grows until it is full
    PRIMARY KEY (level, number)
) STRICT;

CREATE TABLE log_leaf (                      -- where a file's hash stands
    sha256 BLOB PRIMARY KEY,
    number INTEGER NOT NULL                  -- from 0: certificate.id - 1
) STRICT, WITHOUT ROWID;

CREATE TABLE log_checkpoint (                -- signed and published; served for ever
    size         INTEGER PRIMARY KEY,        -- how many leaves it covers
    note         TEXT NOT NULL,              -- C2SP signed note, exactly as served
    published_at INTEGER NOT NULL
) STRICT;

CREATE TABLE log_key (                       -- public keys that signed checkpoints
    vkey       TEXT PRIMARY KEY,
    first_size INTEGER NOT NULL              -- the first checkpoint of its
) STRICT;
