-- Openings of one session: an item that a person opens for one sign-in alone.
--
-- session is the one in which the opening counts, empty where it counts in all; until is when such a one is over at the latest, microseconds
-- since 1970 UTC.

-- +goose Up
ALTER TABLE authz_openings ADD COLUMN session TEXT NOT NULL DEFAULT '';
ALTER TABLE authz_openings ADD COLUMN until INTEGER;

-- A login knows one more step: the person opens what the system asks for. Who is on the way goes on.
CREATE TABLE logins_new (
    id           TEXT    NOT NULL PRIMARY KEY,
    browser_hash BLOB    NOT NULL CHECK (length(browser_hash) = 32),
    interaction  TEXT    NOT NULL,
    request      TEXT    NOT NULL, -- JSON, see hub/hubsql
    step         TEXT    NOT NULL CHECK (step IN ('choose', 'upstream', 'input', 'wait', 'finishing', 'party', 'items', 'consent', 'done')),
    provider     TEXT,
    state        TEXT,
    private      BLOB,             -- sealed under the browser's binding secret
    session      TEXT,
    signed_in    INTEGER NOT NULL CHECK (signed_in IN (0, 1)),
    attempts     INTEGER NOT NULL CHECK (attempts >= 0),
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    same_account TEXT,
    anew         INTEGER NOT NULL DEFAULT 0 CHECK (anew IN (0, 1)),
    party        TEXT    NOT NULL DEFAULT '' -- for whom the person acts: 'self' or an entity; '' while open
) STRICT;
INSERT INTO logins_new (id, browser_hash, interaction, request, step, provider, state, private, session, signed_in, attempts, created_at, expires_at,
    same_account, anew, party)
SELECT id, browser_hash, interaction, request, step, provider, state, private, session, signed_in, attempts, created_at, expires_at, same_account, anew, party
FROM login_transactions;
DROP TABLE login_transactions;
ALTER TABLE logins_new RENAME TO login_transactions;
CREATE INDEX login_transactions_expiry ON login_transactions (expires_at);
