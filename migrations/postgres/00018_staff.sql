-- Who works for a department or the platform, and invitations to it.

-- +goose Up
CREATE TABLE staff_invitations (
    id         TEXT    NOT NULL PRIMARY KEY,
    hash       BYTEA    NOT NULL UNIQUE CHECK (length(hash) = 32),
    role       TEXT    NOT NULL CHECK (role IN ('platform_administrator', 'platform_auditor', 'department_administrator', 'reviewer', 'auditor', 'help_desk')),
    department TEXT    NOT NULL, -- '' for the platform
    area       TEXT    NOT NULL, -- '' for the whole department
    invited_by TEXT    NOT NULL, -- '' for the command line
    at         BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at    BIGINT
);
CREATE INDEX staff_invitations_open ON staff_invitations (at) WHERE used_at IS NULL;

-- Rows stay when a post has ended: they are the history of who could do what.
CREATE TABLE staff_posts (
    id           TEXT    NOT NULL PRIMARY KEY,
    account      TEXT    NOT NULL REFERENCES accounts (id),
    role         TEXT    NOT NULL CHECK (role IN ('platform_administrator', 'platform_auditor', 'department_administrator', 'reviewer', 'auditor', 'help_desk')),
    department   TEXT    NOT NULL,
    area         TEXT    NOT NULL,
    state        TEXT    NOT NULL CHECK (state IN ('proposed', 'active', 'ended')),
    invited_by   TEXT    NOT NULL,
    confirmed_by TEXT    NOT NULL,
    at           BIGINT NOT NULL,
    confirmed_at BIGINT,
    ended_at     BIGINT,
    ended_by     TEXT    NOT NULL,
    end_reason   TEXT    NOT NULL,
    CHECK ((role IN ('platform_administrator', 'platform_auditor')) = (department = '')),
    CHECK (department <> '' OR area = ''),
    CHECK ((state = 'ended') = (ended_at IS NOT NULL)),
    CHECK (state <> 'active' OR confirmed_at IS NOT NULL)
);
CREATE UNIQUE INDEX staff_posts_one ON staff_posts (account, role, department, area) WHERE state <> 'ended';
CREATE INDEX staff_posts_account ON staff_posts (account, at);
CREATE INDEX staff_posts_department ON staff_posts (department, at) WHERE state <> 'ended';
