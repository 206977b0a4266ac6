-- Contacts: where people are told of their account, what became of each notice, the life cycle of accounts, counters that all nodes
-- share, and the last good copy of foreign metadata.

-- +goose Up
-- An address rests sealed under the master key, which is not in the database (see hub/contact), and goes once it is told no more.
CREATE TABLE contacts (
    id           TEXT    NOT NULL PRIMARY KEY,
    account      TEXT    NOT NULL REFERENCES accounts (id),
    kind         TEXT    NOT NULL CHECK (kind IN ('email', 'phone')),
    language     TEXT    NOT NULL,
    address_hash BLOB    CHECK (length(address_hash) = 32), -- keyed
    sealed       BLOB,
    added_at     INTEGER NOT NULL,
    verified_at  INTEGER,
    removed_at   INTEGER,
    CHECK (sealed IS NOT NULL OR removed_at IS NOT NULL),
    CHECK ((sealed IS NULL) = (address_hash IS NULL))
) STRICT;
CREATE INDEX contacts_account ON contacts (account, added_at);
CREATE UNIQUE INDEX contacts_once ON contacts (account, kind, address_hash) WHERE removed_at IS NULL;
CREATE INDEX contacts_parting ON contacts (removed_at) WHERE removed_at IS NOT NULL AND sealed IS NOT NULL;
CREATE INDEX contacts_unverified ON contacts (added_at) WHERE verified_at IS NULL AND removed_at IS NULL;

-- The one-time code of a contact. It rests sealed until it is sent; what is compared is its keyed hash.
CREATE TABLE contact_codes (
    contact    TEXT    NOT NULL PRIMARY KEY REFERENCES contacts (id),
    id         TEXT    NOT NULL,
    hash       BLOB    NOT NULL CHECK (length(hash) = 32),
    sealed     BLOB,
    tries      INTEGER NOT NULL DEFAULT 0,
    sends      INTEGER NOT NULL DEFAULT 0,
    next_at    INTEGER, -- when it may be sent (again); NULL: sent
    expires_at INTEGER NOT NULL,
    CHECK ((sealed IS NULL) = (next_at IS NULL))
) STRICT;
CREATE INDEX contact_codes_due ON contact_codes (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX contact_codes_expiry ON contact_codes (expires_at);

-- How often something happened in a period, on all nodes together. The subject is a keyed hash.
CREATE TABLE counters (
    name       TEXT    NOT NULL,
    hash       BLOB    NOT NULL CHECK (length(hash) = 32),
    period     INTEGER NOT NULL,
    count      INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (name, hash, period)
) STRICT, WITHOUT ROWID;
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
    at          INTEGER NOT NULL
) STRICT;
CREATE INDEX account_changes_account ON account_changes (account, at);
-- +goose StatementBegin
CREATE TRIGGER account_changes_no_update BEFORE UPDATE ON account_changes
BEGIN
    SELECT RAISE(ABORT, 'account_changes are append-only');
END;
-- +goose StatementEnd

-- Notices: more kinds, an end for those that can't be delivered, and who was told.
ALTER TABLE notices RENAME TO notices_before;
DROP INDEX notices_due;
CREATE TABLE notices (
    id           TEXT    NOT NULL PRIMARY KEY,
    account      TEXT    NOT NULL REFERENCES accounts (id),
    kind         TEXT    NOT NULL CHECK (kind IN ('level_raised', 'contact_added', 'contact_removed', 'account_suspended',
                     'account_resumed', 'account_terminated')),
    reason       TEXT    NOT NULL,
    ial          INTEGER NOT NULL CHECK (ial BETWEEN 0 AND 7),
    aal          INTEGER NOT NULL CHECK (aal BETWEEN 0 AND 4),
    provider     TEXT    NOT NULL,
    channel      TEXT    NOT NULL, -- in which it happened
    interaction  TEXT    NOT NULL,
    at           INTEGER NOT NULL,
    tries        INTEGER NOT NULL DEFAULT 0,
    next_at      INTEGER,          -- when it may be tried (again); NULL: when the account has a contact, or never
    give_up_at   INTEGER,          -- set by the first try
    delivered_at INTEGER,
    delivered_by TEXT,             -- the channels that took it
    failed_at    INTEGER,
    failed_why   TEXT,
    CHECK ((delivered_at IS NULL) = (delivered_by IS NULL)),
    CHECK ((failed_at IS NULL) = (failed_why IS NULL)),
    CHECK (delivered_at IS NULL OR failed_at IS NULL)
) STRICT;
INSERT INTO notices (id, account, kind, reason, ial, aal, provider, channel, interaction, at, tries, next_at, delivered_at, delivered_by)
    SELECT id, account, kind, '', ial, aal, provider, channel, interaction, at, tries, next_at, delivered_at, delivered_by
    FROM notices_before;
DROP TABLE notices_before;
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
    at      INTEGER NOT NULL,
    PRIMARY KEY (notice, contact)
) STRICT, WITHOUT ROWID;

-- The last good copy of what a peer publishes about itself, as it was fetched. It is verified again whenever it is read.
CREATE TABLE metadata_copies (
    location   TEXT    NOT NULL PRIMARY KEY,
    document   BLOB    NOT NULL,
    fetched_at INTEGER NOT NULL
) STRICT;
