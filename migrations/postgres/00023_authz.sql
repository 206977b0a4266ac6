-- Service items and what people have decided about them: openings, delegations, devices, places; and what was decided on them.
--
-- Ids, words of closed lists and labels of machines and places only: nothing here names a person, and no address of one is kept.

-- +goose Up
CREATE TABLE authz_versions (
    list    TEXT   NOT NULL PRIMARY KEY CHECK (list = 'items'),
    version BIGINT NOT NULL CHECK (version >= 0)
);
INSERT INTO authz_versions (list, version) VALUES ('items', 0);

CREATE TABLE authz_items (
    id         TEXT   NOT NULL PRIMARY KEY,
    department TEXT   NOT NULL REFERENCES departments (id),
    spec       TEXT   NOT NULL, -- JSON, see authz/authzsql
    version    BIGINT NOT NULL CHECK (version >= 1)
);
CREATE INDEX authz_items_department ON authz_items (department);

-- Every version that an item has had, so that a past decision can be explained by the rules of its day.
CREATE TABLE authz_item_versions (
    id      TEXT   NOT NULL REFERENCES authz_items (id),
    version BIGINT NOT NULL,
    spec    TEXT   NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (id, version)
);

-- What a person has said about an item. No row: as the item's own default is.
CREATE TABLE authz_openings (
    account    TEXT   NOT NULL REFERENCES accounts (id),
    item       TEXT   NOT NULL,
    department TEXT   NOT NULL,
    id         TEXT   NOT NULL UNIQUE,
    state      TEXT   NOT NULL CHECK (state IN ('asked', 'open', 'locked', 'refused')),
    at         BIGINT NOT NULL,
    decided_by TEXT   NOT NULL,
    decided_at BIGINT,
    PRIMARY KEY (account, item)
);
CREATE INDEX authz_openings_asked ON authz_openings (department, at) WHERE state = 'asked';

-- One row for each item that an entity delegates: whoever delegates it holds this row, so that an exclusive delegation and a shared one
-- can't come into being beside each other.
CREATE TABLE authz_heads (
    entity  TEXT   NOT NULL,
    item    TEXT   NOT NULL,
    changes BIGINT NOT NULL,
    PRIMARY KEY (entity, item)
);

CREATE TABLE authz_delegations (
    id          TEXT     NOT NULL PRIMARY KEY,
    entity      TEXT     NOT NULL,
    item        TEXT     NOT NULL,
    department  TEXT     NOT NULL,
    operator    TEXT     NOT NULL REFERENCES accounts (id),
    exclusive   SMALLINT NOT NULL CHECK (exclusive IN (0, 1)),
    begins_at   BIGINT   NOT NULL,
    until       BIGINT,
    terms       TEXT     NOT NULL, -- JSON, see authz/authzsql: places, devices, hours
    state       TEXT     NOT NULL CHECK (state IN ('proposed', 'active', 'refused', 'withdrawn')),
    proposed_by TEXT     NOT NULL,
    proposed_at BIGINT   NOT NULL,
    decided_by  TEXT     NOT NULL,
    decided_at  BIGINT,
    ended_by    TEXT     NOT NULL,
    ended_at    BIGINT,
    end_reason  TEXT     NOT NULL,
    CHECK ((state IN ('refused', 'withdrawn')) = (ended_at IS NOT NULL)),
    CHECK (until IS NULL OR until > begins_at)
);
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
    credential    BYTEA  NOT NULL UNIQUE,
    public_key    BYTEA  NOT NULL,
    sign_count    BIGINT NOT NULL,
    added_by      TEXT   NOT NULL,
    at            BIGINT NOT NULL,
    ended_by      TEXT   NOT NULL,
    ended_at      BIGINT,
    CHECK ((account = '') <> (entity = ''))
);
CREATE INDEX authz_devices_account ON authz_devices (account, at) WHERE account <> '';
CREATE INDEX authz_devices_entity ON authz_devices (entity, at) WHERE entity <> '';

-- Devices that were shown in a session.
CREATE TABLE authz_proofs (
    session TEXT   NOT NULL,
    device  TEXT   NOT NULL REFERENCES authz_devices (id),
    at      BIGINT NOT NULL,
    until   BIGINT NOT NULL,
    PRIMARY KEY (session, device)
);
CREATE INDEX authz_proofs_until ON authz_proofs (until);

CREATE TABLE authz_places (
    id       TEXT   NOT NULL PRIMARY KEY,
    entity   TEXT   NOT NULL,
    label    TEXT   NOT NULL,
    networks TEXT   NOT NULL, -- JSON
    added_by TEXT   NOT NULL,
    at       BIGINT NOT NULL,
    ended_by TEXT   NOT NULL,
    ended_at BIGINT
);
CREATE INDEX authz_places_entity ON authz_places (entity, at);

-- Whose facts have changed, for the memory of the nodes: see authz/memory.go. txid orders by transaction, as in revocations.
CREATE TABLE authz_changes (
    seq        BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    txid       BIGINT NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    ref        TEXT   NOT NULL, -- id of an account, an entity or a session
    expires_at BIGINT NOT NULL  -- from then no node remembers what was before
);
CREATE INDEX authz_changes_txid ON authz_changes (txid, seq);
CREATE INDEX authz_changes_expiry ON authz_changes (expires_at);

CREATE TABLE authz_decisions (
    id          TEXT     NOT NULL PRIMARY KEY,
    at          BIGINT   NOT NULL,
    interaction TEXT     NOT NULL,
    account     TEXT     NOT NULL,
    entity      TEXT     NOT NULL,
    session     TEXT     NOT NULL,
    system      TEXT     NOT NULL,
    item        TEXT     NOT NULL,
    version     BIGINT   NOT NULL,
    action      TEXT     NOT NULL,
    permit      SMALLINT NOT NULL CHECK (permit IN (0, 1)),
    reasons     TEXT     NOT NULL, -- words with blanks between
    seen        TEXT     NOT NULL  -- JSON, see authz/authzsql
);
CREATE INDEX authz_decisions_interaction ON authz_decisions (interaction, at);
CREATE INDEX authz_decisions_at ON authz_decisions (at, id);
CREATE INDEX authz_decisions_item ON authz_decisions (item, at);

-- Facts of other rooms that decisions rest on: whoever changes them, the nodes hear of it.
-- +goose StatementBegin
CREATE FUNCTION authz_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO authz_changes (ref, expires_at)
    SELECT CASE TG_TABLE_NAME WHEN 'bindings' THEN to_jsonb(NEW) ->> 'owner' WHEN 'entities' THEN to_jsonb(NEW) ->> 'id' ELSE to_jsonb(NEW) ->> 'entity' END,
        (extract(epoch FROM clock_timestamp()) * 1000000)::bigint + 900000000;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER authz_binding_made AFTER INSERT ON bindings FOR EACH ROW WHEN (NEW.state = 'bound') EXECUTE FUNCTION authz_changed();
CREATE TRIGGER authz_binding_moved AFTER UPDATE ON bindings FOR EACH ROW
    WHEN (OLD.state IN ('bound', 'suspended') OR NEW.state IN ('bound', 'suspended')) EXECUTE FUNCTION authz_changed();
CREATE TRIGGER authz_mandate_given AFTER INSERT ON entity_mandates FOR EACH ROW EXECUTE FUNCTION authz_changed();
CREATE TRIGGER authz_mandate_changed AFTER UPDATE ON entity_mandates FOR EACH ROW EXECUTE FUNCTION authz_changed();
CREATE TRIGGER authz_entity_changed AFTER UPDATE ON entities FOR EACH ROW WHEN (OLD.status <> NEW.status) EXECUTE FUNCTION authz_changed();

-- What people are told of: items that they have locked or opened.
ALTER TABLE notices DROP CONSTRAINT notices_kind_check;
ALTER TABLE notices ADD CHECK (kind IN ('level_raised', 'contact_added', 'contact_removed', 'account_suspended', 'account_resumed',
    'account_terminated', 'item_locked', 'item_opened'));
