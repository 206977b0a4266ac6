-- SAML single logout: keys of their own for SAML messages, and the names under which SAML peers know a session.

-- +goose Up
ALTER TABLE keys DROP CONSTRAINT keys_use_check;
ALTER TABLE keys ADD CONSTRAINT keys_use_check CHECK (use IN ('sign', 'seal', 'index', 'decrypt', 'saml'));

-- A LogoutRequest names a session by NameID and SessionIndex, or all of a person's by the NameID alone. Keyed hashes only: the table
-- tells nothing to somebody without the index key.
CREATE TABLE saml_names (
    peer       TEXT   NOT NULL, -- "system:ID" or "provider:ID"
    name       BYTEA  NOT NULL CHECK (length(name) = 32), -- of the NameID
    idx        BYTEA  NOT NULL CHECK (length(idx) = 32),  -- of the SessionIndex
    session    TEXT   NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    expires_at BIGINT NOT NULL, -- when no session of that name can live any more
    PRIMARY KEY (peer, name, idx, session)
);
CREATE INDEX saml_names_session ON saml_names (session);
CREATE INDEX saml_names_expiry ON saml_names (expires_at);
