-- The index of the sessions that live, for what walks through all of them. It can't be taken for a look-up of one by its id, as an
-- index with "ended_at IS NULL" can: PostgreSQL did so as long as it knew nothing about the table, and walked through every session.

-- +goose Up
DROP INDEX sessions_live;
CREATE INDEX sessions_live ON sessions (started_at) WHERE COALESCE(ended_at, 0) = 0;
