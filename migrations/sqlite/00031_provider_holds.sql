-- Identity providers that staff have suspended: files don't open them again. Times are microseconds since 1970 UTC.

-- +goose Up
CREATE TABLE provider_holds (
    provider TEXT    NOT NULL PRIMARY KEY REFERENCES identity_providers (id),
    reason   TEXT    NOT NULL,
    account  TEXT    NOT NULL, -- who did it; '' for the command line
    at       INTEGER NOT NULL
) STRICT;
