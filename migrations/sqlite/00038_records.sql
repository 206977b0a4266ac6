-- What may be removed of the record of events, and when (OPS-02), and the search in it.
--
-- Rows of audit_events go in one way only: behind a cut, and when they are older than 186 days by the clock of the database, whatever
-- anybody has configured (hub/audit.LeastKept). Leaves, nodes and heads stay. What somebody removes past these rules is found by
-- the tree: a cut counts only if the event that it names was written by the hub.

-- +goose Up
-- As before, but without the foreign key to audit_events: a leaf stays when its row goes.
CREATE TABLE audit_leaves_kept (
    idx  INTEGER NOT NULL PRIMARY KEY CHECK (idx >= 0),
    seq  INTEGER NOT NULL UNIQUE,
    hash BLOB    NOT NULL CHECK (length(hash) = 32)
) STRICT;
INSERT INTO audit_leaves_kept (idx, seq, hash) SELECT idx, seq, hash FROM audit_leaves;
DROP TABLE audit_leaves;
ALTER TABLE audit_leaves_kept RENAME TO audit_leaves;
-- +goose StatementBegin
CREATE TRIGGER audit_leaves_no_update BEFORE UPDATE ON audit_leaves
BEGIN
    SELECT RAISE(ABORT, 'audit_leaves is append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_leaves_no_delete BEFORE DELETE ON audit_leaves
BEGIN
    SELECT RAISE(ABORT, 'audit_leaves is append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_leaves_no_replace BEFORE INSERT ON audit_leaves
WHEN EXISTS (SELECT 1 FROM audit_leaves WHERE idx = NEW.idx OR seq = NEW.seq)
BEGIN
    SELECT RAISE(ABORT, 'audit_leaves is append-only');
END;
-- +goose StatementEnd

-- The rows of the leaves first up to, not including, upto are removed: all of them are older than before. One cut begins where the one
-- before it ends.
CREATE TABLE audit_cuts (
    upto   INTEGER NOT NULL PRIMARY KEY,
    first  INTEGER NOT NULL UNIQUE CHECK (first >= 0 AND first < upto),
    before INTEGER NOT NULL,
    event  TEXT    NOT NULL UNIQUE
) STRICT;
-- +goose StatementBegin
CREATE TRIGGER audit_cuts_grow BEFORE INSERT ON audit_cuts
WHEN NEW.first <> (SELECT coalesce(max(upto), 0) FROM audit_cuts)
    OR NEW.upto > (SELECT size FROM audit_tree WHERE id = 1)
    OR NEW.before < (SELECT coalesce(max(before), 0) FROM audit_cuts)
    OR NEW.before > (unixepoch() - 186 * 86400) * 1000000
    OR EXISTS (SELECT 1 FROM audit_cuts WHERE event = NEW.event)
    OR NOT EXISTS (SELECT 1 FROM audit_events WHERE id = NEW.event AND kind = 'audit.purged')
BEGIN
    SELECT RAISE(ABORT, 'this cut is not allowed');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_cuts_no_update BEFORE UPDATE ON audit_cuts
BEGIN
    SELECT RAISE(ABORT, 'audit_cuts is append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_cuts_no_delete BEFORE DELETE ON audit_cuts
BEGIN
    SELECT RAISE(ABORT, 'audit_cuts is append-only');
END;
-- +goose StatementEnd

DROP TRIGGER audit_events_no_delete;
-- +goose StatementBegin
CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events
WHEN OLD.at >= (unixepoch() - 186 * 86400) * 1000000
    OR NOT EXISTS (SELECT 1 FROM audit_leaves l CROSS JOIN (SELECT upto, before FROM audit_cuts ORDER BY upto DESC LIMIT 1) c
        WHERE l.seq = OLD.seq AND l.idx < c.upto AND OLD.at < c.before)
BEGIN
    SELECT RAISE(ABORT, 'audit_events is append-only');
END;
-- +goose StatementEnd

-- The same bound for what people have agreed to (CON-06): a row of retention_cuts alone does not open the way.
DROP TRIGGER consents_no_delete;
-- +goose StatementBegin
CREATE TRIGGER consents_no_delete BEFORE DELETE ON consents
WHEN OLD.at >= (unixepoch() - 186 * 86400) * 1000000
    OR NOT EXISTS (SELECT 1 FROM retention_cuts WHERE class = 'consents' AND OLD.at < before)
BEGIN
    SELECT RAISE(ABORT, 'consents are append-only');
END;
-- +goose StatementEnd
