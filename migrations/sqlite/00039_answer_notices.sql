-- Notices to people that an answer waits for them, and that a case of theirs was taken up at a counter.

-- +goose Up
CREATE TABLE notice_contacts_kept AS SELECT notice, contact, channel, outcome, at FROM notice_contacts;
DELETE FROM notice_contacts;
CREATE TABLE notices_next (
    id           TEXT    NOT NULL PRIMARY KEY,
    account      TEXT    NOT NULL REFERENCES accounts (id),
    kind         TEXT    NOT NULL CHECK (kind IN ('level_raised', 'contact_added', 'contact_removed', 'account_suspended',
                     'account_resumed', 'account_terminated', 'item_locked', 'item_opened',
                     'provider_removed', 'provider_allowed',
                     'record_bound', 'record_suspended', 'record_resumed', 'record_unbound',
                     'complaint_answered', 'counter_confirmed')),
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
