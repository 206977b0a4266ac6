-- Token Status Lists: the place of each JWT access token that is alive, with what it stands on (ids only; see hub/token). A list is no row of
-- its own: it is there as long as a token of it is alive.

-- +goose Up
CREATE TABLE status_entries (
    list       TEXT    NOT NULL,
    idx        INTEGER NOT NULL CHECK (idx >= 0),
    stands     BYTEA   NOT NULL,
    expires_at BIGINT  NOT NULL,
    PRIMARY KEY (list, idx)
);
CREATE INDEX status_entries_expiry ON status_entries (expires_at);
