-- Sandbox systems that developers register by themselves, and the tokens with which they may (RFC 7591).

-- +goose Up
CREATE TABLE registration_tokens (
    id         TEXT   NOT NULL PRIMARY KEY,
    hash       BYTEA  NOT NULL UNIQUE CHECK (length(hash) = 32),
    department TEXT   NOT NULL,
    uses       BIGINT NOT NULL CHECK (uses BETWEEN 0 AND most),
    most       BIGINT NOT NULL CHECK (most >= 1),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT
);

-- Apart from the register: the rows are few, live for days and are deleted.
CREATE TABLE sandbox_systems (
    id          TEXT   NOT NULL PRIMARY KEY,
    department  TEXT   NOT NULL,
    token       TEXT   NOT NULL,
    spec        TEXT   NOT NULL, -- JSON, as in the table systems
    access_hash BYTEA  NOT NULL CHECK (length(access_hash) = 32),
    before_hash BYTEA CHECK (length(before_hash) = 32),
    created_at  BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL
);
CREATE INDEX sandbox_systems_expiry ON sandbox_systems (expires_at);
