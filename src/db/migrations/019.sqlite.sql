-- A certificate's files as they were first made: served from here for ever after.
CREATE TABLE certificate_file (
    certificate INTEGER NOT NULL REFERENCES certificate (id),
    kind        TEXT NOT NULL CHECK (kind IN ('pdf-letter', 'pdf-a4', 'png')),
    bytes       BLOB NOT NULL,
    sha256      BLOB NOT NULL,
    made_at     INTEGER NOT NULL,
    PRIMARY KEY (certificate, kind)
) STRICT;
