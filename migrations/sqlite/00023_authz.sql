-- Service items and what people have decided about them: openings, delegations, devices, places; and what was decided on them.
--
-- Ids, words of closed lists and labels of machines and places only: nothing here names a person, and no address of one is kept.

-- +goose Up
CREATE TABLE authz_versions (
    list    TEXT   NOT NULL PRIMARY KEY CHECK (list = 'items'),
    version INTEGER NOT NULL CHECK (version >= 0)
) STRICT;
INSERT INTO authz_versions (list, version) VALUES ('items', 0);

CREATE TABLE authz_items (
    id         TEXT   NOT NULL PRIMARY KEY,
    department TEXT   NOT NULL REFERENCES departments (id),
    spec       TEXT   NOT NULL, -- JSON, see authz/authzsql
    version    INTEGER NOT NULL CHECK (version >= 1)
) STRICT;
CREATE INDEX authz_items_department ON authz_items (department);

-- Every version that an item has had, so that a past decision can be explained by the rules of its day.
CREATE TABLE authz_item_versions (
    id      TEXT   NOT NULL REFERENCES authz_items (id),
    version INTEGER NOT NULL,
    spec    TEXT   NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (id, version)
) STRICT;

-- What a person has said about an item. No row: as the item's own default is.
CREATE TABLE authz_openings (
    account    TEXT   NOT NULL REFERENCES accounts (id),
    item       TEXT   NOT NULL,
    department TEXT   NOT NULL,
    id         TEXT   NOT NULL UNIQUE,
    state      TEXT   NOT NULL CHECK (state IN ('asked', 'open', 'locked', 'refused')),
    at         INTEGER NOT NULL,
    decided_by TEXT   NOT NULL,
    decided_at INTEGER,
    PRIMARY KEY (account, item)
) STRICT;
CREATE INDEX authz_openings_asked ON authz_openings (department, at) WHERE state = 'asked';

-- One row for each item that an entity delegates: whoever delegates it holds this row, so that an exclusive delegation and a shared one
-- can't come into being beside each other.
CREATE TABLE authz_heads (
    entity  TEXT   NOT NULL,
    item    TEXT   NOT NULL,
    changes INTEGER NOT NULL,
    PRIMARY KEY (entity, item)
) STRICT;

CREATE TABLE authz_delegations (
    id          TEXT     NOT NULL PRIMARY KEY,
    entity      TEXT     NOT NULL,
    item        TEXT     NOT NULL,
    department  TEXT     NOT NULL,
    operator    TEXT     NOT NULL REFERENCES accounts (id),
    exclusive   INTEGER NOT NULL CHECK (exclusive IN (0, 1)),
    begins_at   INTEGER   NOT NULL,
    until       INTEGER,
    terms       TEXT     NOT NULL, -- JSON, see authz/authzsql: places, devices, hours
    state       TEXT     NOT NULL CHECK (state IN ('proposed', 'active', 'refused', 'withdrawn')),
    proposed_by TEXT     NOT NULL,
    proposed_at INTEGER   NOT NULL,
    decided_by  TEXT     NOT NULL,
    decided_at  INTEGER,
    ended_by    TEXT     NOT NULL,
    ended_at    INTEGER,
    end_reason  TEXT     NOT NULL,
    CHECK ((state IN ('refused', 'withdrawn')) = (ended_at IS NOT NULL)),
    CHECK (until IS NULL OR until > begins_at)
) STRICT;
-- Invariant 5: an exclusive item of an entity has at most one active operator.
CREATE UNIQUE INDEX authz_delegations_exclusive ON authz_delegations (entity, item) WHERE state = 'active' AND exclusive = 1;
CREATE UNIQUE INDEX authz_delegations_active ON authz_delegations (operator, entity, item) WHERE state = 'active';
CREATE UNIQUE INDEX authz_delegations_proposed ON authz_delegations (entity, item, operator) WHERE state = 'proposed';
CREATE INDEX authz_delegations_entity ON authz_delegations (entity, proposed_at);
CREATE INDEX authz_delegations_held ON authz_delegations (entity, item) WHERE state = 'active';
CREATE INDEX authz_delegations_waiting ON authz_delegations (department, proposed_at) WHERE state = 'proposed';

-- Machines, known by a passkey that rests on them. Exactly one of account and entity is set.
CREATE TABLE authz_devices (
    id            TEXT   NOT NULL PRIMARY KEY,
    account       TEXT   NOT NULL,
    entity        TEXT   NOT NULL,
    label         TEXT   NOT NULL,
    credential    BLOB   NOT NULL UNIQUE,
    public_key    BLOB   NOT NULL,
    sign_count    INTEGER NOT NULL,
    added_by      TEXT   NOT NULL,
    at            INTEGER NOT NULL,
    ended_by      TEXT   NOT NULL,
    ended_at      INTEGER,
    CHECK ((account = '') <> (entity = ''))
) STRICT;
CREATE INDEX authz_devices_account ON authz_devices (account, at) WHERE account <> '';
CREATE INDEX authz_devices_entity ON authz_devices (entity, at) WHERE entity <> '';

-- Devices that were shown in a session.
CREATE TABLE authz_proofs (
    session TEXT   NOT NULL,
    device  TEXT   NOT NULL REFERENCES authz_devices (id),
    at      INTEGER NOT NULL,
    until   INTEGER NOT NULL,
    PRIMARY KEY (session, device)
) STRICT;
CREATE INDEX authz_proofs_until ON authz_proofs (until);

CREATE TABLE authz_places (
    id       TEXT   NOT NULL PRIMARY KEY,
    entity   TEXT   NOT NULL,
    label    TEXT   NOT NULL,
    networks TEXT   NOT NULL, -- JSON
    added_by TEXT   NOT NULL,
    at       INTEGER NOT NULL,
    ended_by TEXT   NOT NULL,
    ended_at INTEGER
) STRICT;
CREATE INDEX authz_places_entity ON authz_places (entity, at);

-- Whose facts have changed, for the memory of the nodes: see authz/memory.go. txid is of PostgreSQL, as in revocations.
CREATE TABLE authz_changes (
    seq        INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    txid       INTEGER NOT NULL DEFAULT 0,
    ref        TEXT   NOT NULL, -- id of an account, an entity or a session
    expires_at INTEGER NOT NULL  -- from then no node remembers what was before
) STRICT;
CREATE INDEX authz_changes_txid ON authz_changes (txid, seq);
CREATE INDEX authz_changes_expiry ON authz_changes (expires_at);

CREATE TABLE authz_decisions (
    id          TEXT     NOT NULL PRIMARY KEY,
    at          INTEGER   NOT NULL,
    interaction TEXT     NOT NULL,
    account     TEXT     NOT NULL,
    entity      TEXT     NOT NULL,
    session     TEXT     NOT NULL,
    system      TEXT     NOT NULL,
    item        TEXT     NOT NULL,
    version     INTEGER   NOT NULL,
    action      TEXT     NOT NULL,
    permit      INTEGER NOT NULL CHECK (permit IN (0, 1)),
    reasons     TEXT     NOT NULL, -- words with blanks between
    seen        TEXT     NOT NULL  -- JSON, see authz/authzsql
) STRICT;
CREATE INDEX authz_decisions_interaction ON authz_decisions (interaction, at);
CREATE INDEX authz_decisions_at ON authz_decisions (at, id);
CREATE INDEX authz_decisions_item ON authz_decisions (item, at);

-- Facts of other rooms that decisions rest on: whoever changes them, the nodes hear of it.
-- +goose StatementBegin
CREATE TRIGGER authz_binding_made AFTER INSERT ON bindings WHEN NEW.state = 'bound' BEGIN
    INSERT INTO authz_changes (ref, expires_at) VALUES (NEW.owner, CAST(unixepoch('subsec') * 1000000 AS INTEGER) + 900000000);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER authz_binding_moved AFTER UPDATE ON bindings WHEN OLD.state IN ('bound', 'suspended') OR NEW.state IN ('bound', 'suspended') BEGIN
    INSERT INTO authz_changes (ref, expires_at) VALUES (NEW.owner, CAST(unixepoch('subsec') * 1000000 AS INTEGER) + 900000000);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER authz_mandate_given AFTER INSERT ON entity_mandates BEGIN
    INSERT INTO authz_changes (ref, expires_at) VALUES (NEW.entity, CAST(unixepoch('subsec') * 1000000 AS INTEGER) + 900000000);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER authz_mandate_changed AFTER UPDATE ON entity_mandates BEGIN
    INSERT INTO authz_changes (ref, expires_at) VALUES (NEW.entity, CAST(unixepoch('subsec') * 1000000 AS INTEGER) + 900000000);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER authz_entity_changed AFTER UPDATE ON entities WHEN OLD.status <> NEW.status BEGIN
    INSERT INTO authz_changes (ref, expires_at) VALUES (NEW.id, CAST(unixepoch('subsec') * 1000000 AS INTEGER) + 900000000);
END;
-- +goose StatementEnd

-- What people are told of: items that they have locked or opened.
CREATE TABLE notice_contacts_kept AS SELECT notice, contact, channel, outcome, at FROM notice_contacts;
DELETE FROM notice_contacts;
CREATE TABLE notices_next (
    id           TEXT    NOT NULL PRIMARY KEY,
    account      TEXT    NOT NULL REFERENCES accounts (id),
    kind         TEXT    NOT NULL CHECK (kind IN ('level_raised', 'contact_added', 'contact_removed', 'account_suspended',
                     'account_resumed', 'account_terminated', 'item_locked', 'item_opened')),
    reason       TEXT    NOT NULL,
    ial          INTEGER NOT NULL CHECK (ial BETWEEN 0 AND 7),
    aal          INTEGER NOT NULL CHECK (aal BETWEEN 0 AND 4),
    provider     TEXT    NOT NULL,
    channel      TEXT    NOT NULL,
    interaction  TEXT    NOT NULL,
    at           INTEGER NOT NULL,
    tries        INTEGER NOT NULL DEFAULT 0,
    next_at      INTEGER,
    give_up_at   INTEGER,
    delivered_at INTEGER,
    delivered_by TEXT,
    failed_at    INTEGER,
    failed_why   TEXT,
    CHECK ((delivered_at IS NULL) = (delivered_by IS NULL)),
    CHECK ((failed_at IS NULL) = (failed_why IS NULL)),
    CHECK (delivered_at IS NULL OR failed_at IS NULL)
) STRICT;
INSERT INTO notices_next SELECT id, account, kind, reason, ial, aal, provider, channel, interaction, at, tries, next_at, give_up_at,
    delivered_at, delivered_by, failed_at, failed_why FROM notices;
DROP TABLE notices;
ALTER TABLE notices_next RENAME TO notices;
INSERT INTO notice_contacts (notice, contact, channel, outcome, at) SELECT notice, contact, channel, outcome, at FROM notice_contacts_kept;
DROP TABLE notice_contacts_kept;
CREATE UNIQUE INDEX notices_level_once ON notices (account, kind, ial, aal) WHERE kind = 'level_raised';
CREATE INDEX notices_due ON notices (next_at) WHERE delivered_at IS NULL AND failed_at IS NULL AND next_at IS NOT NULL;
CREATE INDEX notices_failed ON notices (failed_at) WHERE failed_at IS NOT NULL;
CREATE INDEX notices_account ON notices (account, at);
