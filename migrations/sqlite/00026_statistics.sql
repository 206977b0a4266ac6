-- Figures of what happened, counted from the leaves of the record's tree (hub/statistics).
--
-- Times are microseconds since 1970 UTC. Empty text where an event has no such part.

-- +goose Up
CREATE TABLE statistics (
    grain      TEXT    NOT NULL CHECK (grain IN ('hour', 'day', 'month')),
    start      INTEGER NOT NULL,
    department TEXT    NOT NULL,
    system     TEXT    NOT NULL,
    provider   TEXT    NOT NULL,
    channel    TEXT    NOT NULL,
    category   TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    outcome    TEXT    NOT NULL,
    n          INTEGER NOT NULL CHECK (n > 0),
    PRIMARY KEY (grain, start, department, system, provider, channel, category, kind, outcome)
) STRICT, WITHOUT ROWID;

-- How many leaves are counted, and until when the log was known to be counted as a whole.
CREATE TABLE statistics_progress (
    id      INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    counted INTEGER NOT NULL CHECK (counted >= 0),
    through INTEGER NOT NULL
) STRICT;
INSERT INTO statistics_progress (id, counted, through) VALUES (1, 0, 0);
