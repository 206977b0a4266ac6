-- Bindings: the ties of accounts and legal entities to departments' own records.

-- +goose Up
CREATE TABLE bindings (
    id             TEXT    NOT NULL PRIMARY KEY,
    department     TEXT    NOT NULL,
    kind           TEXT    NOT NULL,
    holder         TEXT    NOT NULL CHECK (holder IN ('person', 'entity')),
    owner          TEXT    NOT NULL, -- the id of an account or an entity
    state          TEXT    NOT NULL CHECK (state IN ('pending', 'proposed', 'review', 'bound', 'suspended', 'unbound')),
    record_hash    BLOB    CHECK (length(record_hash) = 32), -- keyed
    record_sealed  BLOB,             -- under the master key, which is not in the database
    way            TEXT    NOT NULL CHECK (way IN ('', 'match', 'import', 'claim', 'counter')),
    ial            INTEGER NOT NULL CHECK (ial BETWEEN 0 AND 7),
    aal            INTEGER NOT NULL CHECK (aal BETWEEN 0 AND 4),
    area           TEXT    NOT NULL, -- '' for the whole department
    reason         TEXT    NOT NULL,
    conflict       TEXT    NOT NULL, -- another binding that holds the record
    asked          TEXT    NOT NULL, -- a further attribute that the person is asked for
    reviewer       TEXT    NOT NULL,
    reviewed_until INTEGER,
    approved_first TEXT    NOT NULL,
    seed           INTEGER NOT NULL CHECK (seed IN (0, 1)), -- made by the first login
    version        INTEGER NOT NULL,
    created_at     INTEGER NOT NULL,
    updated_at     INTEGER NOT NULL,
    bound_at       INTEGER,
    confirmed_at   INTEGER,
    CHECK ((record_hash IS NULL) = (record_sealed IS NULL)),
    CHECK (state NOT IN ('bound', 'suspended') OR record_hash IS NOT NULL),
    CHECK (state NOT IN ('bound', 'suspended') OR bound_at IS NOT NULL AND confirmed_at IS NOT NULL AND way <> ''),
    CHECK ((reviewer = '') = (reviewed_until IS NULL)),
    CHECK ((state = 'review') = (reviewer <> ''))
) STRICT;
-- Invariant 4, both ways: an owner has one record of a kind, a record has one owner.
CREATE UNIQUE INDEX bindings_owner ON bindings (owner, department, kind) WHERE state <> 'unbound';
CREATE UNIQUE INDEX bindings_record ON bindings (record_hash) WHERE state IN ('bound', 'suspended');
-- BND-01: the first login of a person at a department happens once.
CREATE UNIQUE INDEX bindings_seed ON bindings (owner, department) WHERE seed = 1;
-- What waits for somebody.
CREATE INDEX bindings_queue ON bindings (department, area, updated_at) WHERE state IN ('proposed', 'review');

-- Rows are added, never changed.
CREATE TABLE binding_changes (
    id          TEXT    NOT NULL PRIMARY KEY,
    binding     TEXT    NOT NULL REFERENCES bindings (id),
    was         TEXT    NOT NULL,
    became      TEXT    NOT NULL,
    reason      TEXT    NOT NULL,
    way         TEXT    NOT NULL,
    ial         INTEGER NOT NULL,
    aal         INTEGER NOT NULL,
    actor_kind  TEXT    NOT NULL CHECK (actor_kind IN ('person', 'staff', 'rule', 'department')),
    actor       TEXT    NOT NULL, -- an account, '' for a rule or a department
    interaction TEXT    NOT NULL,
    at          INTEGER NOT NULL,
    version     INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX binding_changes_binding ON binding_changes (binding, version);
-- +goose StatementBegin
CREATE TRIGGER binding_changes_no_update BEFORE UPDATE ON binding_changes
BEGIN
    SELECT RAISE(ABORT, 'binding_changes are append-only');
END;
-- +goose StatementEnd

-- What is to be asked or told of a binding: a row before it is an action. What a question carries of a person rests sealed, and goes when it is
-- answered, when the session ends, or after a few minutes.
CREATE TABLE binding_work (
    id          TEXT    NOT NULL PRIMARY KEY,
    binding     TEXT    NOT NULL REFERENCES bindings (id),
    department  TEXT    NOT NULL,
    task        TEXT    NOT NULL CHECK (task IN ('match', 'tell')),
    session     TEXT    NOT NULL, -- of a question; '' for a notice
    sealed      BLOB,
    way         TEXT    NOT NULL,
    reason      TEXT    NOT NULL,
    state       TEXT    NOT NULL, -- of the binding, that a notice tells of
    version     INTEGER NOT NULL, -- of the binding then
    ial         INTEGER NOT NULL,
    aal         INTEGER NOT NULL,
    interaction TEXT    NOT NULL,
    at          INTEGER NOT NULL,
    until       INTEGER NOT NULL,
    tries       INTEGER NOT NULL DEFAULT 0,
    next_at     INTEGER,          -- NULL: done
    outcome     TEXT    NOT NULL DEFAULT '',
    CHECK ((next_at IS NULL) = (outcome <> '')),
    CHECK (next_at IS NOT NULL OR sealed IS NULL)
) STRICT;
CREATE UNIQUE INDEX binding_work_one ON binding_work (binding) WHERE task = 'match' AND next_at IS NOT NULL;
CREATE INDEX binding_work_due ON binding_work (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX binding_work_session ON binding_work (session) WHERE task = 'match' AND next_at IS NOT NULL;
CREATE INDEX binding_work_done ON binding_work (at) WHERE next_at IS NULL;
