-- Legal entities, who may act for them, and what is in use of that.

-- +goose Up
-- The number and the names are public in law, and still sealed: beside the accounts of those who act they would say of whom a row is.
CREATE TABLE entities (
    id          TEXT    NOT NULL PRIMARY KEY,
    number_kind TEXT    NOT NULL CHECK (number_kind IN ('th.juristic', 'cn.uscc', 'vn.enterprise')),
    number_hash BYTEA    NOT NULL CHECK (length(number_hash) = 32),
    sealed      BYTEA    NOT NULL,
    status      TEXT    NOT NULL CHECK (status IN ('active', 'suspended', 'closed')),
    evidence    TEXT    NOT NULL CHECK (evidence IN ('registry', 'staff')),
    at          BIGINT  NOT NULL,
    changed_at  BIGINT  NOT NULL,
    reason      TEXT    NOT NULL,
    UNIQUE (number_kind, number_hash)
);

-- Requests to become an entity's master administrator that staff decide. What is sealed is shredded when they have.
CREATE TABLE entity_claims (
    id          TEXT    NOT NULL PRIMARY KEY,
    account     TEXT    NOT NULL REFERENCES accounts (id),
    number_kind TEXT    NOT NULL,
    number_hash BYTEA    NOT NULL CHECK (length(number_hash) = 32),
    sealed      BYTEA,
    why         TEXT    NOT NULL,
    state       TEXT    NOT NULL CHECK (state IN ('open', 'approved', 'rejected')),
    at          BIGINT  NOT NULL,
    decided_at  BIGINT,
    decided_by  TEXT    NOT NULL, -- '' for the command line
    reason      TEXT    NOT NULL,
    CHECK ((state = 'open') = (decided_at IS NULL)),
    CHECK ((state = 'open') = (sealed IS NOT NULL))
);
CREATE UNIQUE INDEX entity_claims_one ON entity_claims (account, number_kind, number_hash) WHERE state = 'open';
CREATE INDEX entity_claims_open ON entity_claims (at) WHERE state = 'open';
CREATE INDEX entity_claims_account ON entity_claims (account, at);

-- Rows stay when a seat has ended: they are the history of who could do what.
CREATE TABLE entity_seats (
    id         TEXT    NOT NULL PRIMARY KEY,
    entity     TEXT    NOT NULL REFERENCES entities (id),
    account    TEXT    NOT NULL REFERENCES accounts (id),
    role       TEXT    NOT NULL CHECK (role IN ('master', 'operator')),
    label      BYTEA, -- sealed
    invited_by TEXT    NOT NULL, -- '' for nobody: by evidence
    at         BIGINT  NOT NULL,
    ended_at   BIGINT,
    ended_by   TEXT    NOT NULL, -- '' for the command line, or the time
    end_reason TEXT    NOT NULL,
    CHECK ((ended_at IS NULL) = (end_reason = ''))
);
CREATE UNIQUE INDEX entity_seats_master ON entity_seats (entity) WHERE role = 'master' AND ended_at IS NULL;
CREATE UNIQUE INDEX entity_seats_one ON entity_seats (entity, account) WHERE ended_at IS NULL;
CREATE INDEX entity_seats_account ON entity_seats (account, at);
CREATE INDEX entity_seats_entity ON entity_seats (entity, at);

CREATE TABLE entity_mandates (
    id         TEXT    NOT NULL PRIMARY KEY,
    seat       TEXT    NOT NULL REFERENCES entity_seats (id),
    entity     TEXT    NOT NULL REFERENCES entities (id),
    account    TEXT    NOT NULL REFERENCES accounts (id),
    department TEXT    NOT NULL, -- '' for everywhere: the master's
    systems    TEXT    NOT NULL, -- JSON list; '[]' for all of the department's
    begins_at  BIGINT  NOT NULL,
    until      BIGINT, -- NULL for as long as the seat: the master's
    given_by   TEXT    NOT NULL,
    at         BIGINT  NOT NULL,
    ended_at   BIGINT,
    ended_by   TEXT    NOT NULL,
    end_reason TEXT    NOT NULL,
    CHECK ((ended_at IS NULL) = (end_reason = '')),
    CHECK ((until IS NULL) = (department = ''))
);
CREATE UNIQUE INDEX entity_mandates_one ON entity_mandates (seat, department) WHERE ended_at IS NULL;
CREATE INDEX entity_mandates_account ON entity_mandates (account) WHERE ended_at IS NULL;
CREATE INDEX entity_mandates_entity ON entity_mandates (entity, at);
CREATE INDEX entity_mandates_until ON entity_mandates (until) WHERE ended_at IS NULL;

CREATE TABLE entity_invitations (
    id          TEXT    NOT NULL PRIMARY KEY,
    hash        BYTEA    NOT NULL UNIQUE CHECK (length(hash) = 32),
    entity      TEXT    NOT NULL REFERENCES entities (id),
    role        TEXT    NOT NULL CHECK (role IN ('master', 'operator')),
    label       BYTEA, -- sealed
    person_kind TEXT    NOT NULL, -- '' for whoever holds the secret
    person_hash BYTEA,
    mandates    TEXT    NOT NULL, -- JSON list
    invited_by  TEXT    NOT NULL,
    at          BIGINT  NOT NULL,
    expires_at  BIGINT  NOT NULL,
    used_at     BIGINT,
    CHECK ((person_kind = '') = (person_hash IS NULL))
);
CREATE INDEX entity_invitations_open ON entity_invitations (entity, at) WHERE used_at IS NULL;

-- For whom a session is used at a system: the choice that is remembered, and what ends with a mandate.
CREATE TABLE entity_uses (
    session TEXT    NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    system  TEXT    NOT NULL,
    entity  TEXT    NOT NULL, -- '' for the person themselves
    mandate TEXT    NOT NULL,
    at      BIGINT  NOT NULL,
    PRIMARY KEY (session, system),
    CHECK ((entity = '') = (mandate = ''))
);
CREATE INDEX entity_uses_mandate ON entity_uses (mandate) WHERE mandate <> '';
CREATE INDEX entity_uses_entity ON entity_uses (entity) WHERE entity <> '';

ALTER TABLE grants ADD COLUMN entity TEXT NOT NULL DEFAULT '';
ALTER TABLE grants ADD COLUMN mandate TEXT NOT NULL DEFAULT '';
CREATE INDEX grants_mandate ON grants (mandate) WHERE mandate <> '' AND revoked_at IS NULL;
CREATE INDEX grants_entity ON grants (entity) WHERE entity <> '' AND revoked_at IS NULL;

-- A login knows one more step.
ALTER TABLE login_transactions DROP CONSTRAINT login_transactions_step_check;
ALTER TABLE login_transactions ADD CONSTRAINT login_transactions_step_check
    CHECK (step IN ('choose', 'upstream', 'input', 'wait', 'finishing', 'party', 'consent', 'done'));
ALTER TABLE login_transactions ADD COLUMN party TEXT NOT NULL DEFAULT '';
