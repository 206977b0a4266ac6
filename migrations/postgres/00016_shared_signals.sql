-- Shared signals: one stream a system, and the events that wait in it.

-- +goose Up
CREATE TABLE ssf_streams (
    id          TEXT    NOT NULL PRIMARY KEY,
    system      TEXT    NOT NULL UNIQUE,
    endpoint    TEXT    NOT NULL, -- '' for poll
    header      BYTEA,             -- the receiver's credential, sealed
    requested   TEXT    NOT NULL, -- JSON list of event types
    description TEXT    NOT NULL,
    status      TEXT    NOT NULL CHECK (status IN ('enabled', 'paused', 'disabled')),
    reason      TEXT    NOT NULL,
    verified_at BIGINT,
    created_at  BIGINT NOT NULL,
    version     BIGINT NOT NULL CHECK (version >= 1)
);

-- claims holds pairwise ids only. next_at: when a node may push it; whoever has taken it puts it off.
CREATE TABLE ssf_events (
    id         TEXT    NOT NULL PRIMARY KEY,
    stream     TEXT    NOT NULL REFERENCES ssf_streams (id) ON DELETE CASCADE,
    type       TEXT    NOT NULL,
    about      BIGINT NOT NULL CHECK (about IN (0, 1)), -- about the stream itself
    claims     TEXT    NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    tries      BIGINT NOT NULL CHECK (tries >= 0),
    next_at    BIGINT NOT NULL,
    done_at    BIGINT,
    reason     TEXT    NOT NULL
);
CREATE INDEX ssf_events_due ON ssf_events (next_at) WHERE done_at IS NULL;
CREATE INDEX ssf_events_waiting ON ssf_events (stream, created_at, id) WHERE done_at IS NULL;
CREATE INDEX ssf_events_done ON ssf_events (done_at) WHERE done_at IS NOT NULL;

-- Subjects that a receiver does not want to hear of, by hash.
CREATE TABLE ssf_muted (
    stream  TEXT NOT NULL REFERENCES ssf_streams (id) ON DELETE CASCADE,
    subject BYTEA NOT NULL CHECK (length(subject) = 32),
    PRIMARY KEY (stream, subject)
);
