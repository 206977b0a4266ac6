-- Complaints and requests for correction.

-- +goose Up
-- The texts rest sealed under the master key and are erased a while after the end.
CREATE TABLE complaints (
    id          TEXT    NOT NULL PRIMARY KEY,
    reference   TEXT    NOT NULL UNIQUE,
    account     TEXT    NOT NULL REFERENCES accounts (id),
    kind        TEXT    NOT NULL CHECK (kind IN ('complaint', 'correction')),
    department  TEXT    NOT NULL, -- '' for the platform
    state       TEXT    NOT NULL CHECK (state IN ('open', 'answered', 'withdrawn')),
    outcome     TEXT    NOT NULL CHECK (outcome IN ('', 'upheld', 'partly', 'rejected', 'elsewhere')),
    asked       BLOB,
    answer      BLOB,
    at          INTEGER NOT NULL,
    due_at      INTEGER NOT NULL,
    seen_at     INTEGER,
    ended_at    INTEGER,
    answered_by TEXT    NOT NULL, -- '' where nobody has answered
    CHECK ((state = 'open') = (ended_at IS NULL)),
    CHECK ((state = 'answered') = (outcome <> '')),
    CHECK (state <> 'open' OR asked IS NOT NULL)
) STRICT;
CREATE INDEX complaints_account ON complaints (account, at);
CREATE INDEX complaints_open ON complaints (department, at, id) WHERE state = 'open';
CREATE INDEX complaints_answered ON complaints (ended_at) WHERE state = 'answered';
CREATE INDEX complaints_erase ON complaints (ended_at) WHERE asked IS NOT NULL AND ended_at IS NOT NULL;
