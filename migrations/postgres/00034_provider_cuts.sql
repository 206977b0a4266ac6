-- Ends of every session that rests on an identity provider which is no longer trusted. Times are microseconds since 1970 UTC.

-- +goose Up
-- The order to end them, and how far it is carried out: what a node that dies leaves, another goes on with.
CREATE TABLE provider_cuts (
    id            TEXT    NOT NULL PRIMARY KEY,
    provider      TEXT    NOT NULL,
    account       TEXT    NOT NULL, -- who ordered it; '' for the command line
    interaction   TEXT    NOT NULL,
    at            BIGINT  NOT NULL,
    through       BIGINT  NOT NULL, -- sessions that began up to then end
    pass_at       BIGINT  NOT NULL, -- when the present walk through the live sessions began
    seen_at       BIGINT  NOT NULL, -- the session that was looked at last: when it began, and which
    seen          TEXT    NOT NULL,
    faults        BIGINT  NOT NULL CHECK (faults >= 0), -- sessions that the present walk could not end
    ended         BIGINT  NOT NULL CHECK (ended >= 0),
    claim         TEXT    NOT NULL, -- of the node that walks, '' for none
    claimed_until BIGINT  NOT NULL,
    done_at       BIGINT
);
CREATE INDEX provider_cuts_open ON provider_cuts (provider) WHERE done_at IS NULL;
CREATE INDEX provider_cuts_provider ON provider_cuts (provider, at);

-- Every provider that an authentication of the session, or a fact in its vault, came from, as a JSON list; NULL where that is its provider alone.
ALTER TABLE sessions ADD COLUMN rests TEXT;
-- Says more than end_reason: 'suspended', where that is 'provider' because the provider was cut off.
ALTER TABLE sessions ADD COLUMN end_detail TEXT CHECK (end_detail IS NULL OR end_detail = 'suspended' AND end_reason = 'provider');

ALTER TABLE revocations DROP CONSTRAINT revocations_kind_check;
ALTER TABLE revocations ADD CONSTRAINT revocations_kind_check CHECK (kind IN ('session', 'grant', 'token', 'account', 'system', 'provider'));
