-- Who is served at which counter: a clerk's browser and a person's phone, tied from both sides.

-- +goose Up
DROP TABLE review_codes;

-- The number that is scanned and the code that is said rest as keyed hashes. Each works once.
CREATE TABLE counter_sittings (
    hash       BLOB    NOT NULL PRIMARY KEY CHECK (length(hash) = 32), -- of the number
    clerk      TEXT    NOT NULL,
    department TEXT    NOT NULL,
    until      INTEGER NOT NULL,
    binding    TEXT    REFERENCES bindings (id), -- that its person has confirmed
    code       BLOB    CHECK (length(code) = 32),
    used_at    INTEGER,
    CHECK ((binding IS NULL) = (code IS NULL)),
    CHECK (used_at IS NULL OR binding IS NOT NULL)
) STRICT;
CREATE INDEX counter_sittings_clerk ON counter_sittings (clerk);
CREATE INDEX counter_sittings_binding ON counter_sittings (binding);
CREATE INDEX counter_sittings_until ON counter_sittings (until);
