-- One logout ends everything: participants of both sides, campaigns, notices, and who may look at them.

-- +goose Up
-- How long a session can be ended, and nothing else, with the secret that it had before a step-up.
ALTER TABLE sessions ADD COLUMN former_hash BLOB CHECK (former_hash IS NULL OR length(former_hash) = 32 AND ended_at IS NULL);
ALTER TABLE sessions ADD COLUMN former_until INTEGER CHECK ((former_until IS NULL) = (former_hash IS NULL));
CREATE INDEX sessions_former ON sessions (former_hash) WHERE former_hash IS NOT NULL;

-- The identity provider's own session is a participant like a department's system: exactly one of system and provider is set.
CREATE TABLE participants (
    session  TEXT    NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    system   TEXT    NOT NULL,
    provider TEXT    NOT NULL,
    protocol TEXT    NOT NULL,
    ref      TEXT    NOT NULL,
    first_at INTEGER NOT NULL,
    last_at  INTEGER NOT NULL,
    PRIMARY KEY (session, system, provider, protocol),
    CHECK ((system = '') <> (provider = ''))
) STRICT, WITHOUT ROWID;
INSERT INTO participants SELECT session, system, '', protocol, ref, first_at, last_at FROM session_participants;
DROP TABLE session_participants;
ALTER TABLE participants RENAME TO session_participants;

-- One end of a session (one each), or of its use at one system, and why.
CREATE TABLE logout_campaigns (
    id          TEXT    NOT NULL PRIMARY KEY,
    session     TEXT    NOT NULL,
    account     TEXT    NOT NULL,
    left_system TEXT    NOT NULL, -- the one system that the person left, '' where the session ended
    reason      TEXT    NOT NULL,
    system      TEXT    NOT NULL, -- that asked, or ''
    provider    TEXT    NOT NULL, -- that asked, or ''
    protocol    TEXT    NOT NULL, -- in which it asked and is answered, or ''
    interaction TEXT    NOT NULL,
    at          INTEGER NOT NULL,
    closed_at   INTEGER           -- NULL while a notice is open
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX logout_campaigns_session ON logout_campaigns (session) WHERE left_system = '';
CREATE INDEX logout_campaigns_account ON logout_campaigns (account, at);
CREATE INDEX logout_campaigns_closed ON logout_campaigns (closed_at) WHERE closed_at IS NOT NULL;

-- What each participant is told: a row before it is an action (D6). One a campaign, participant and protocol. ref is sealed where it holds
-- anything that a provider gave.
CREATE TABLE logout_notices (
    id       TEXT    NOT NULL PRIMARY KEY,
    campaign TEXT    NOT NULL REFERENCES logout_campaigns (id) ON DELETE CASCADE,
    system   TEXT    NOT NULL,
    provider TEXT    NOT NULL,
    protocol TEXT    NOT NULL,
    ref      TEXT    NOT NULL,
    at       INTEGER NOT NULL, -- as the campaign's
    until    INTEGER NOT NULL, -- then it is tried no more
    state    TEXT    NOT NULL CHECK (state IN ('open', 'retrying', 'visiting', 'confirmed', 'visited', 'failed', 'unreachable', 'initiator')),
    tries    INTEGER NOT NULL CHECK (tries >= 0),
    next_at  INTEGER NOT NULL, -- when somebody may take it; whoever has taken it puts it off
    done_at  INTEGER,          -- NULL while it is open
    reason   TEXT    NOT NULL, -- of the last failure, a word of a closed list
    UNIQUE (campaign, system, provider, protocol),
    CHECK ((system = '') <> (provider = '')),
    CHECK ((done_at IS NULL) = (state IN ('open', 'retrying', 'visiting')))
) STRICT, WITHOUT ROWID;
CREATE INDEX logout_notices_due ON logout_notices (next_at) WHERE done_at IS NULL;
CREATE INDEX logout_notices_system ON logout_notices (system, at, id) WHERE system <> '';
CREATE INDEX logout_notices_failed ON logout_notices (at, id) WHERE state = 'failed';

-- Who may look at ledgers for a while: the browser that signed out, by the hash of a secret in the page's address.
CREATE TABLE logout_views (
    hash       BLOB    NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
    campaigns  TEXT    NOT NULL, -- JSON list of ids
    onward     TEXT    NOT NULL, -- where the person goes on to, checked by the protocol that asked; '' for nowhere
    system     TEXT    NOT NULL, -- whose address that is, or ''
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX logout_views_expiry ON logout_views (expires_at);
