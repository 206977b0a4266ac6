-- Authorization requests that clients push ahead of the browser (RFC 9126), and the retry of a refresh whose answer got lost.

-- +goose Up
-- The parameters rest sealed under the request URI's own secret: hints in them may name a person.
CREATE TABLE pushed_requests (
    hash       BYTEA   NOT NULL PRIMARY KEY CHECK (octet_length(hash) = 32),
    system     TEXT    NOT NULL,
    sealed     BYTEA   NOT NULL,
    expires_at BIGINT  NOT NULL,
    used_at    BIGINT
);
CREATE INDEX pushed_requests_expiry ON pushed_requests (expires_at);

-- A refresh token that was used knows what came in its place, and whether it was presented once more.
ALTER TABLE refresh_tokens ADD COLUMN successor BYTEA CHECK (successor IS NULL OR octet_length(successor) = 32);
ALTER TABLE refresh_tokens ADD COLUMN retried_at BIGINT;
