-- Openings of one session: an item that a person opens for one sign-in alone.
--
-- session is the one in which the opening counts, empty where it counts in all; until is when such a one is over at the latest, microseconds
-- since 1970 UTC.

-- +goose Up
ALTER TABLE authz_openings ADD COLUMN session TEXT NOT NULL DEFAULT '';
ALTER TABLE authz_openings ADD COLUMN until BIGINT;

-- A login knows one more step: the person opens what the system asks for.
ALTER TABLE login_transactions DROP CONSTRAINT login_transactions_step_check;
ALTER TABLE login_transactions ADD CONSTRAINT login_transactions_step_check
    CHECK (step IN ('choose', 'upstream', 'input', 'wait', 'finishing', 'party', 'items', 'consent', 'done'));
