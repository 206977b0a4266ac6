-- Sandbox systems that developers register by themselves, and the tokens with which they may (RFC 7591).

-- +goose Up
CREATE TABLE registration_tokens (
    id         TEXT    NOT NULL PRIMARY KEY,
    hash       BLOB    NOT NULL UNIQUE CHECK (length(hash) = 32),
    department TEXT    NOT NULL,
    uses       INTEGER NOT NULL CHECK (uses BETWEEN 0 AND most),
    most       INTEGER NOT NULL CHECK (most >= 1),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT, WITHOUT ROWID;

-- Apart from the register: the rows are few, live for days and are deleted.
CREATE TABLE sandbox_systems (
    id          TEXT    NOT NULL PRIMARY KEY,
    department  TEXT    NOT NULL,
    token       TEXT    NOT NULL,
    spec        TEXT    NOT NULL, -- JSON, as in the table systems
    access_hash BLOB    NOT NULL CHECK (length(access_hash) = 32),
    before_hash BLOB CHECK (length(before_hash) = 32),
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX sandbox_systems_expiry ON sandbox_systems (expires_at);
