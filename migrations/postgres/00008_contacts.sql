-- Contacts: where people are told of their account, what became of each notice, the life cycle of accounts, counters that all nodes
-- share, and the last good copy of foreign metadata.

-- +goose Up
-- An address rests sealed under the master key, which is not in the database (see hub/contact), and goes once it is told no more.
CREATE TABLE contacts (
    id           TEXT    NOT NULL PRIMARY KEY,
    account      TEXT    NOT NULL REFERENCES accounts (id),
    kind         TEXT    NOT NULL CHECK (kind IN ('email', 'phone')),
    language     TEXT    NOT NULL,
    address_hash BYTEA   CHECK (length(address_hash) = 32), -- keyed
    sealed       BYTEA,
    added_at     BIGINT  NOT NULL,
    verified_at  BIGINT,
    removed_at   BIGINT,
    CHECK (sealed IS NOT NULL OR removed_at IS NOT NULL),
    CHECK ((sealed IS NULL) = (address_hash IS NULL))
);
CREATE INDEX contacts_account ON contacts (account, added_at);
CREATE UNIQUE INDEX contacts_once ON contacts (account, kind, address_hash) WHERE removed_at IS NULL;
CREATE INDEX contacts_parting ON contacts (removed_at) WHERE removed_at IS NOT NULL AND sealed IS NOT NULL;
CREATE INDEX contacts_unverified ON contacts (added_at) WHERE verified_at IS NULL AND removed_at IS NULL;

-- The one-time code of a contact. It rests sealed until it is sent; what is compared is its keyed hash.
CREATE TABLE contact_codes (
    contact    TEXT    NOT NULL PRIMARY KEY REFERENCES contacts (id),
    id         TEXT    NOT NULL,
    hash       BYTEA   NOT NULL CHECK (length(hash) = 32),
    sealed     BYTEA,
    tries      INTEGER NOT NULL DEFAULT 0,
    sends      INTEGER NOT NULL DEFAULT 0,
    next_at    BIGINT, -- when it may be sent (again); NULL: sent
    expires_at BIGINT  NOT NULL,
    CHECK ((sealed IS NULL) = (next_at IS NULL))
);
CREATE INDEX contact_codes_due ON contact_codes (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX contact_codes_expiry ON contact_codes (expires_at);

-- How often something happened in a period, on all nodes together. The subject is a keyed hash.
CREATE TABLE counters (
    name       TEXT    NOT NULL,
    hash       BYTEA   NOT NULL CHECK (length(hash) = 32),
    period     BIGINT  NOT NULL,
    count      INTEGER NOT NULL,
    expires_at BIGINT  NOT NULL,
    PRIMARY KEY (name, hash, period)
);
CREATE INDEX counters_expiry ON counters (expires_at);

-- What became of an account, when, why and at whose order. Rows are added, never changed.
CREATE TABLE account_changes (
    id          TEXT    NOT NULL PRIMARY KEY,
    account     TEXT    NOT NULL REFERENCES accounts (id),
    was         TEXT    NOT NULL CHECK (was IN ('active', 'suspended')),
    became      TEXT    NOT NULL CHECK (became IN ('active', 'suspended', 'terminated')),
    reason      TEXT    NOT NULL,
    actor_kind  TEXT    NOT NULL CHECK (actor_kind IN ('person', 'staff', 'rule')),
    actor       TEXT    NOT NULL,
    interaction TEXT    NOT NULL,
    at          BIGINT  NOT NULL
);
CREATE INDEX account_changes_account ON account_changes (account, at);
-- +goose StatementBegin
CREATE FUNCTION account_changes_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'account_changes are append-only';
END $$;
-- +goose StatementEnd
CREATE TRIGGER account_changes_no_update BEFORE UPDATE ON account_changes FOR EACH ROW EXECUTE FUNCTION account_changes_stay();

-- Notices: more kinds, an end for those that can't be delivered, and who was told.
DROP INDEX notices_due;
ALTER TABLE notices DROP CONSTRAINT notices_kind_check;
ALTER TABLE notices DROP CONSTRAINT notices_account_kind_ial_aal_key;
ALTER TABLE notices ALTER COLUMN next_at DROP NOT NULL;
ALTER TABLE notices ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE notices ALTER COLUMN reason DROP DEFAULT;
ALTER TABLE notices ADD COLUMN give_up_at BIGINT; -- set by the first try
ALTER TABLE notices ADD COLUMN failed_at BIGINT;
ALTER TABLE notices ADD COLUMN failed_why TEXT;
ALTER TABLE notices ADD CHECK (kind IN ('level_raised', 'contact_added', 'contact_removed', 'account_suspended',
    'account_resumed', 'account_terminated'));
ALTER TABLE notices ADD CHECK ((failed_at IS NULL) = (failed_why IS NULL));
ALTER TABLE notices ADD CHECK (delivered_at IS NULL OR failed_at IS NULL);
CREATE UNIQUE INDEX notices_level_once ON notices (account, kind, ial, aal) WHERE kind = 'level_raised';
CREATE INDEX notices_due ON notices (next_at) WHERE delivered_at IS NULL AND failed_at IS NULL AND next_at IS NOT NULL;
CREATE INDEX notices_failed ON notices (failed_at) WHERE failed_at IS NOT NULL;
CREATE INDEX notices_account ON notices (account, at);

-- Which contact was told of a notice, or can't be. A contact is told once.
CREATE TABLE notice_contacts (
    notice  TEXT    NOT NULL REFERENCES notices (id),
    contact TEXT    NOT NULL REFERENCES contacts (id),
    channel TEXT    NOT NULL,
    outcome TEXT    NOT NULL CHECK (outcome IN ('told', 'refused')),
    at      BIGINT  NOT NULL,
    PRIMARY KEY (notice, contact)
);

-- The last good copy of what a peer publishes about itself, as it was fetched. It is verified again whenever it is read.
CREATE TABLE metadata_copies (
    location   TEXT    NOT NULL PRIMARY KEY,
    document   BYTEA   NOT NULL,
    fetched_at BIGINT  NOT NULL
);
