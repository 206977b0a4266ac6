-- Who keeps an entry of the register, the life of systems, what programs may do, and answers of the administrators' API.
-- Times are microseconds since 1970 UTC.

-- +goose Up
ALTER TABLE departments ADD COLUMN origin TEXT NOT NULL DEFAULT 'file' CHECK (origin IN ('file', 'api'));
ALTER TABLE systems ADD COLUMN origin TEXT NOT NULL DEFAULT 'file' CHECK (origin IN ('file', 'api'));
-- held: staff have suspended it. Files do not open it again.
ALTER TABLE systems ADD COLUMN held BIGINT  NOT NULL DEFAULT 0 CHECK (held IN (0, 1));

-- Rows are the history: they are added, never changed.
CREATE TABLE system_moves (
    seq     BIGINT  NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id      TEXT    NOT NULL UNIQUE,
    system  TEXT    NOT NULL REFERENCES systems (id),
    was     TEXT    NOT NULL,
    became  TEXT    NOT NULL CHECK (became IN ('draft', 'testing', 'live', 'suspended')),
    reason  TEXT    NOT NULL,
    account TEXT    NOT NULL, -- who did it: a person, or
    program TEXT    NOT NULL, -- a system; neither for the command line
    at      BIGINT  NOT NULL,
    CHECK (account = '' OR program = '')
);
CREATE INDEX system_moves_system ON system_moves (system, seq);

-- One open proposal to go live for a system; it stands for the version that was proposed and is gone when it has been taken.
CREATE TABLE system_proposals (
    system  TEXT    NOT NULL PRIMARY KEY REFERENCES systems (id),
    id      TEXT    NOT NULL UNIQUE,
    version BIGINT  NOT NULL,
    tested  TEXT    NOT NULL, -- what shows that it has been tested (EXC-06)
    account TEXT    NOT NULL,
    at      BIGINT  NOT NULL
);

-- Rows stay when a right has ended.
CREATE TABLE machine_rights (
    id         TEXT    NOT NULL PRIMARY KEY,
    system     TEXT    NOT NULL REFERENCES systems (id),
    role       TEXT    NOT NULL CHECK (role IN ('platform_administrator', 'platform_auditor', 'department_administrator', 'reviewer', 'auditor', 'help_desk')),
    department TEXT    NOT NULL,
    area       TEXT    NOT NULL,
    given_by   TEXT    NOT NULL, -- '' for the command line
    at         BIGINT  NOT NULL,
    ended_by   TEXT    NOT NULL,
    ended_at   BIGINT ,
    CHECK ((role IN ('platform_administrator', 'platform_auditor')) = (department = '')),
    CHECK (department <> '' OR area = '')
);
CREATE UNIQUE INDEX machine_rights_one ON machine_rights (system, role, department, area) WHERE ended_at IS NULL;

-- Answers that are given again to whoever asks the same again. They rest sealed under what only the asker knows.
CREATE TABLE api_answers (
    caller     TEXT    NOT NULL,
    key        BYTEA    NOT NULL CHECK (length(key) = 32),
    request    BYTEA    NOT NULL CHECK (length(request) = 32),
    answer     BYTEA,   -- NULL while it is being made, which nobody else sees
    expires_at BIGINT  NOT NULL,
    PRIMARY KEY (caller, key)
);
CREATE INDEX api_answers_expiry ON api_answers (expires_at);

-- For searches of the record by what it is about.
CREATE INDEX audit_events_system ON audit_events (system, seq) WHERE system <> '';

-- Systems whose participants are still to be told that it is no longer open: a row until all of them are.
CREATE TABLE system_closings (
    system  TEXT    NOT NULL PRIMARY KEY,
    at      BIGINT  NOT NULL,
    through TEXT    NOT NULL -- the last session that has been seen to
);
