-- What SAML identity providers posted, until the same browser fetches it with its cookies (federation/samlsp): sealed under the
-- handle that only the browser carries, so that this table opens nothing.

-- +goose Up
CREATE TABLE saml_answers (
    content    BYTEA  NOT NULL PRIMARY KEY CHECK (length(content) = 32), -- hash of what was posted: the same again takes its place
    handle     BYTEA  NOT NULL UNIQUE CHECK (length(handle) = 32),       -- hash of the handle
    sealed     BYTEA  NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX saml_answers_expiry ON saml_answers (expires_at);
