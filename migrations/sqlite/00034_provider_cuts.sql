-- Ends of every session that rests on an identity provider which is no longer trusted. Times are microseconds since 1970 UTC.

-- +goose Up
-- The order to end them, and how far it is carried out: what a node that dies leaves, another goes on with.
CREATE TABLE provider_cuts (
    id            TEXT    NOT NULL PRIMARY KEY,
    provider      TEXT    NOT NULL,
    account       TEXT    NOT NULL, -- who ordered it; '' for the command line
    interaction   TEXT    NOT NULL,
    at            INTEGER NOT NULL,
    through       INTEGER NOT NULL, -- sessions that began up to then end
    pass_at       INTEGER NOT NULL, -- when the present walk through the live sessions began
    seen_at       INTEGER NOT NULL, -- the session that was looked at last: when it began, and which
    seen          TEXT    NOT NULL,
    faults        INTEGER NOT NULL CHECK (faults >= 0), -- sessions that the present walk could not end
    ended         INTEGER NOT NULL CHECK (ended >= 0),
    claim         TEXT    NOT NULL, -- of the node that walks, '' for none
    claimed_until INTEGER NOT NULL,
    done_at       INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX provider_cuts_open ON provider_cuts (provider) WHERE done_at IS NULL;
CREATE INDEX provider_cuts_provider ON provider_cuts (provider, at);

-- Every provider that an authentication of the session, or a fact in its vault, came from, as a JSON list; NULL where that is its provider alone.
ALTER TABLE sessions ADD COLUMN rests TEXT;
-- Says more than end_reason: 'suspended', where that is 'provider' because the provider was cut off.
ALTER TABLE sessions ADD COLUMN end_detail TEXT CHECK (end_detail IS NULL OR end_detail = 'suspended' AND end_reason = 'provider');

CREATE TABLE revocations_new (
    seq        INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    txid       INTEGER NOT NULL DEFAULT 0,
    kind       TEXT    NOT NULL CHECK (kind IN ('session', 'grant', 'token', 'account', 'system', 'provider')),
    ref        TEXT    NOT NULL,
    at         INTEGER NOT NULL,
    expires_at INTEGER NOT NULL, -- from then no token that stands on it can be alive
    UNIQUE (kind, ref, at)
) STRICT;
INSERT INTO revocations_new (seq, txid, kind, ref, at, expires_at) SELECT seq, txid, kind, ref, at, expires_at FROM revocations;
-- No number comes twice: a node that reads on from its last one must not miss what comes after.
INSERT INTO sqlite_sequence (name, seq) SELECT 'revocations_new', seq FROM sqlite_sequence WHERE name = 'revocations'
    AND NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'revocations_new');
UPDATE sqlite_sequence SET seq = (SELECT seq FROM sqlite_sequence WHERE name = 'revocations')
    WHERE name = 'revocations_new' AND EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'revocations');
DROP TABLE revocations;
ALTER TABLE revocations_new RENAME TO revocations;
CREATE INDEX revocations_at ON revocations (at);
CREATE INDEX revocations_txid ON revocations (txid, seq);
CREATE INDEX revocations_expiry ON revocations (expires_at);
