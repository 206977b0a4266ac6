-- Step-up: what a session has reached and when, whom a login must bring back, and notices of raised levels.

-- +goose Up
-- Earlier authentications that still count (JSON, see hub/hubsql), and the lowest AAL whose idle limit was passed (0: none).
ALTER TABLE sessions ADD COLUMN earlier TEXT;
ALTER TABLE sessions ADD COLUMN idle_over INTEGER NOT NULL DEFAULT 0 CHECK (idle_over BETWEEN 0 AND 4);

-- The person of the session that a login steps up: nobody else may answer. And whether the person began anew.
ALTER TABLE login_transactions ADD COLUMN same_account TEXT;
ALTER TABLE login_transactions ADD COLUMN anew INTEGER NOT NULL DEFAULT 0 CHECK (anew IN (0, 1));

-- The highest levels that the account ever reached (AUD-09).
ALTER TABLE accounts ADD COLUMN ial INTEGER NOT NULL DEFAULT 0 CHECK (ial BETWEEN 0 AND 7);
ALTER TABLE accounts ADD COLUMN aal INTEGER NOT NULL DEFAULT 0 CHECK (aal BETWEEN 0 AND 4);

-- What a person must be told through another channel than the one it happened in (AUD-09). One a level reached.
CREATE TABLE notices (
    id           TEXT    NOT NULL PRIMARY KEY,
    account      TEXT    NOT NULL REFERENCES accounts (id),
    kind         TEXT    NOT NULL CHECK (kind IN ('level_raised')),
    ial          INTEGER NOT NULL CHECK (ial BETWEEN 0 AND 7),
    aal          INTEGER NOT NULL CHECK (aal BETWEEN 0 AND 4),
    provider     TEXT    NOT NULL,
    channel      TEXT    NOT NULL, -- in which it happened
    interaction  TEXT    NOT NULL,
    at           INTEGER NOT NULL,
    tries        INTEGER NOT NULL DEFAULT 0,
    next_at      INTEGER NOT NULL, -- when it may be tried (again)
    delivered_at INTEGER,
    delivered_by TEXT,             -- the channel that took it
    UNIQUE (account, kind, ial, aal),
    CHECK ((delivered_at IS NULL) = (delivered_by IS NULL))
) STRICT;
CREATE INDEX notices_due ON notices (next_at) WHERE delivered_at IS NULL;
