-- SAML single logout: keys of their own for SAML messages, and the names under which SAML peers know a session.

-- +goose Up
CREATE TABLE keys_new (
    seq         INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    id          TEXT    NOT NULL UNIQUE,
    use         TEXT    NOT NULL CHECK (use IN ('sign', 'seal', 'index', 'decrypt', 'saml')),
    alg         TEXT    NOT NULL,
    public      BLOB,             -- JWK
    sealed      BLOB,             -- NULL once shredded
    master      TEXT    NOT NULL, -- fingerprint of the master key
    created_at  INTEGER NOT NULL,
    active_from INTEGER NOT NULL,
    retire_at   INTEGER,
    expires_at  INTEGER
) STRICT;
INSERT INTO keys_new (seq, id, use, alg, public, sealed, master, created_at, active_from, retire_at, expires_at)
SELECT seq, id, use, alg, public, sealed, master, created_at, active_from, retire_at, expires_at FROM keys;
DROP TABLE keys;
ALTER TABLE keys_new RENAME TO keys;

-- A LogoutRequest names a session by NameID and SessionIndex, or all of a person's by the NameID alone. Keyed hashes only: the table
-- tells nothing to somebody without the index key.
CREATE TABLE saml_names (
    peer       TEXT    NOT NULL, -- "system:ID" or "provider:ID"
    name       BLOB    NOT NULL CHECK (length(name) = 32), -- of the NameID
    idx        BLOB    NOT NULL CHECK (length(idx) = 32),  -- of the SessionIndex
    session    TEXT    NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    expires_at INTEGER NOT NULL, -- when no session of that name can live any more
    PRIMARY KEY (peer, name, idx, session)
) STRICT, WITHOUT ROWID;
CREATE INDEX saml_names_session ON saml_names (session);
CREATE INDEX saml_names_expiry ON saml_names (expires_at);
