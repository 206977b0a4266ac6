-- The foundation: directory, accounts, sessions, consents, grants and what is single use.
--
-- Times are microseconds since 1970 UTC. Levels are the ordinals of hub.IAL (0 to 7) and hub.AAL (0 to 4). Ids, hashes,
-- words of closed lists and sealed bytes only: no column holds personal data in the clear (architecture D3).
--
-- Rows of the directory (departments, systems, identity_providers) are referred to by name and without foreign keys: every
-- login would lock the same few parent rows on PostgreSQL. They are never deleted, only suspended.

-- +goose Up
CREATE TABLE directory_versions (
    list    TEXT    NOT NULL PRIMARY KEY CHECK (list IN ('tenants', 'providers')),
    version INTEGER NOT NULL CHECK (version >= 0)
) STRICT, WITHOUT ROWID;
INSERT INTO directory_versions (list, version) VALUES ('tenants', 0), ('providers', 0);

CREATE TABLE departments (
    id      TEXT    NOT NULL PRIMARY KEY,
    spec    TEXT    NOT NULL, -- JSON, see tenants/tenantsql
    version INTEGER NOT NULL CHECK (version >= 1)
) STRICT;

CREATE TABLE systems (
    id         TEXT    NOT NULL PRIMARY KEY,
    department TEXT    NOT NULL REFERENCES departments (id),
    spec       TEXT    NOT NULL, -- JSON, see tenants/tenantsql
    version    INTEGER NOT NULL CHECK (version >= 1)
) STRICT;
CREATE INDEX systems_department ON systems (department);

CREATE TABLE identity_providers (
    id      TEXT    NOT NULL PRIMARY KEY,
    spec    TEXT    NOT NULL, -- JSON, see federation/federationsql; secrets in it are sealed under the master key
    version INTEGER NOT NULL CHECK (version >= 1)
) STRICT;

CREATE TABLE accounts (
    id         TEXT    NOT NULL PRIMARY KEY,
    status     TEXT    NOT NULL CHECK (status IN ('active', 'suspended', 'terminated')),
    reason     TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A person number, as keyed hash, belongs to one account; an account has one of a kind (LIF-15).
CREATE TABLE account_persons (
    kind     TEXT    NOT NULL,
    hash     BLOB    NOT NULL CHECK (length(hash) = 32),
    account  TEXT    NOT NULL REFERENCES accounts (id),
    added_at INTEGER NOT NULL,
    PRIMARY KEY (kind, hash),
    UNIQUE (account, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE account_links (
    id           TEXT    NOT NULL PRIMARY KEY,
    account      TEXT    NOT NULL REFERENCES accounts (id),
    provider     TEXT    NOT NULL,
    subject_hash BLOB    NOT NULL CHECK (length(subject_hash) = 32),
    ial          INTEGER NOT NULL CHECK (ial BETWEEN 0 AND 7),
    aal          INTEGER NOT NULL CHECK (aal BETWEEN 0 AND 4),
    linked_at    INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL,
    source       TEXT    NOT NULL, -- network prefix, never a full address
    UNIQUE (provider, subject_hash)
) STRICT;
CREATE INDEX account_links_account ON account_links (account, linked_at);

CREATE TABLE login_transactions (
    id           TEXT    NOT NULL PRIMARY KEY,
    browser_hash BLOB    NOT NULL CHECK (length(browser_hash) = 32),
    interaction  TEXT    NOT NULL,
    request      TEXT    NOT NULL, -- JSON, see hub/hubsql
    step         TEXT    NOT NULL CHECK (step IN ('choose', 'upstream', 'input', 'wait', 'finishing', 'consent', 'done')),
    provider     TEXT,
    state        TEXT,
    private      BLOB,             -- sealed under the browser's binding secret
    session      TEXT,
    signed_in    INTEGER NOT NULL CHECK (signed_in IN (0, 1)),
    attempts     INTEGER NOT NULL CHECK (attempts >= 0),
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL
) STRICT;
CREATE INDEX login_transactions_expiry ON login_transactions (expires_at);

-- An ended session keeps its row for the person's history, without secret hash, vault and key (SES-04, PRV-02).
CREATE TABLE sessions (
    id            TEXT    NOT NULL PRIMARY KEY,
    account       TEXT    NOT NULL REFERENCES accounts (id),
    provider      TEXT    NOT NULL,
    ial           INTEGER NOT NULL CHECK (ial BETWEEN 0 AND 7),
    aal           INTEGER NOT NULL CHECK (aal BETWEEN 0 AND 4),
    methods       TEXT    NOT NULL, -- JSON list of amr values
    auth_time     INTEGER NOT NULL,
    started_at    INTEGER NOT NULL,
    last_activity INTEGER NOT NULL,
    interaction   TEXT    NOT NULL,
    channel       TEXT    NOT NULL,
    device        TEXT    NOT NULL,
    upstream_sid  TEXT, -- keyed hash
    secret_hash   BLOB UNIQUE CHECK (length(secret_hash) = 32),
    vault         BLOB,
    wrapped_key   BLOB,
    ended_at      INTEGER,
    end_reason    TEXT CHECK (end_reason IN ('person', 'idle', 'age', 'account', 'system', 'admin', 'provider', 'replaced')),
    CHECK ((ended_at IS NULL) = (end_reason IS NULL)),
    CHECK ((ended_at IS NULL) = (secret_hash IS NOT NULL)),
    CHECK (ended_at IS NULL OR (vault IS NULL AND wrapped_key IS NULL))
) STRICT;
CREATE INDEX sessions_account ON sessions (account, started_at);
CREATE INDEX sessions_live ON sessions (started_at) WHERE ended_at IS NULL;
CREATE INDEX sessions_upstream ON sessions (provider, upstream_sid) WHERE ended_at IS NULL AND upstream_sid IS NOT NULL;

CREATE TABLE session_participants (
    session  TEXT    NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    system   TEXT    NOT NULL,
    protocol TEXT    NOT NULL,
    ref      TEXT    NOT NULL,
    first_at INTEGER NOT NULL,
    last_at  INTEGER NOT NULL,
    PRIMARY KEY (session, system, protocol)
) STRICT, WITHOUT ROWID;

-- Decisions are added, never changed (CON-04). The order of seq is the order in time: the clocks of nodes can differ.
CREATE TABLE consents (
    seq         INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    id          TEXT    NOT NULL UNIQUE,
    account     TEXT    NOT NULL REFERENCES accounts (id),
    system      TEXT    NOT NULL,
    attribute   TEXT    NOT NULL, -- empty for the decision of LOA-06
    purpose     TEXT    NOT NULL,
    decision    TEXT    NOT NULL CHECK (decision IN ('given', 'declined', 'withdrawn', 'told')),
    version     TEXT    NOT NULL,
    language    TEXT    NOT NULL,
    at          INTEGER NOT NULL,
    interaction TEXT    NOT NULL
) STRICT;
CREATE INDEX consents_current ON consents (account, system, attribute, purpose, seq);
CREATE INDEX consents_history ON consents (account, seq);
CREATE INDEX consents_age ON consents (at);

-- The one way to remove old rows of an append-only table (OPS-02): inside one transaction, write a row here that says up to
-- when rows of the class may go, delete, and remove the row again. It is never there outside such a transaction.
CREATE TABLE retention_cuts (
    class  TEXT    NOT NULL PRIMARY KEY,
    before INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- +goose StatementBegin
CREATE TRIGGER consents_no_update BEFORE UPDATE ON consents
BEGIN
    SELECT RAISE(ABORT, 'consents are append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER consents_no_delete BEFORE DELETE ON consents
WHEN NOT EXISTS (SELECT 1 FROM retention_cuts WHERE class = 'consents' AND OLD.at < before)
BEGIN
    SELECT RAISE(ABORT, 'consents are append-only');
END;
-- +goose StatementEnd
-- REPLACE deletes without asking the trigger above, so it is stopped before.
-- +goose StatementBegin
CREATE TRIGGER consents_no_replace BEFORE INSERT ON consents
WHEN EXISTS (SELECT 1 FROM consents WHERE id = NEW.id OR seq = NEW.seq)
BEGIN
    SELECT RAISE(ABORT, 'consents are append-only');
END;
-- +goose StatementEnd

CREATE TABLE grants (
    id            TEXT    NOT NULL PRIMARY KEY,
    session       TEXT    NOT NULL REFERENCES sessions (id),
    account       TEXT    NOT NULL,
    system        TEXT    NOT NULL,
    interaction   TEXT    NOT NULL,
    scopes        TEXT    NOT NULL, -- JSON list
    released      TEXT    NOT NULL, -- JSON list of attribute names
    created_at    INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL,
    revoked_at    INTEGER,
    revoke_reason TEXT,
    CHECK ((revoked_at IS NULL) = (revoke_reason IS NULL))
) STRICT;
CREATE INDEX grants_session ON grants (session);
CREATE INDEX grants_expiry ON grants (expires_at);

CREATE TABLE codes (
    hash        BLOB    NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
    grant_id    TEXT    NOT NULL UNIQUE REFERENCES grants (id) ON DELETE CASCADE,
    state       BLOB    NOT NULL,
    wrapped_key BLOB,
    issued_at   INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL,
    used_at     INTEGER
) STRICT;
CREATE INDEX codes_expiry ON codes (expires_at);

CREATE TABLE refresh_tokens (
    hash        BLOB    NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
    grant_id    TEXT    NOT NULL REFERENCES grants (id) ON DELETE CASCADE,
    state       BLOB    NOT NULL,
    wrapped_key BLOB,
    issued_at   INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL,
    used_at     INTEGER
) STRICT;
CREATE INDEX refresh_tokens_grant ON refresh_tokens (grant_id);
CREATE INDEX refresh_tokens_expiry ON refresh_tokens (expires_at);

-- Things that count once, by SHA-256 of kind and key: the key is foreign text of any length.
CREATE TABLE single_use (
    hash       BLOB    NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
    kind       TEXT    NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX single_use_expiry ON single_use (expires_at);

-- What ended, for the validation lease (architecture D2). txid orders by transaction on PostgreSQL, where seq alone can
-- become visible out of order; on SQLite there is one writer and seq is enough.
CREATE TABLE revocations (
    seq        INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    txid       INTEGER NOT NULL DEFAULT 0,
    kind       TEXT    NOT NULL CHECK (kind IN ('session', 'grant', 'token', 'account', 'system')),
    ref        TEXT    NOT NULL,
    at         INTEGER NOT NULL,
    expires_at INTEGER NOT NULL, -- from then no token that stands on it can be alive
    UNIQUE (kind, ref, at)
) STRICT;
CREATE INDEX revocations_at ON revocations (at);
CREATE INDEX revocations_txid ON revocations (txid, seq);
CREATE INDEX revocations_expiry ON revocations (expires_at);
