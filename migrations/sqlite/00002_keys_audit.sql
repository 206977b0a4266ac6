-- Keys of the hub, and the record of what happened with its Merkle tree.
--
-- Times are microseconds since 1970 UTC. The audit tables are append-only, whoever writes: what their triggers can't stop (who
-- owns the file can drop a trigger) is found by the tree and its signed heads (AUD-11, hub/audit).

-- +goose Up
-- Private and secret parts rest only sealed under the master key, which is not in the database.
CREATE TABLE keys (
    seq         INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    id          TEXT    NOT NULL UNIQUE,
    use         TEXT    NOT NULL CHECK (use IN ('sign', 'seal', 'index')),
    alg         TEXT    NOT NULL,
    public      BLOB,             -- JWK
    sealed      BLOB,             -- NULL once shredded
    master      TEXT    NOT NULL, -- fingerprint of the master key
    created_at  INTEGER NOT NULL,
    active_from INTEGER NOT NULL,
    retire_at   INTEGER,
    expires_at  INTEGER
) STRICT;

-- Every change of keys counts this up in the same transaction, if it still has the number that the writer has seen.
CREATE TABLE keys_version (
    id      INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    version INTEGER NOT NULL CHECK (version >= 0)
) STRICT;
INSERT INTO keys_version (id, version) VALUES (1, 0);

-- One line of the record: ids, words of closed lists, levels and times. Empty text where an event has no such part.
CREATE TABLE audit_events (
    seq         INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    id          TEXT    NOT NULL UNIQUE,
    at          INTEGER NOT NULL,
    interaction TEXT    NOT NULL,
    kind        TEXT    NOT NULL CHECK (length(kind) BETWEEN 3 AND 64),
    outcome     TEXT    NOT NULL CHECK (outcome IN ('success', 'refusal', 'failure')),
    reason      TEXT    NOT NULL,
    account     TEXT    NOT NULL,
    session     TEXT    NOT NULL,
    system      TEXT    NOT NULL,
    provider    TEXT    NOT NULL,
    ial         INTEGER NOT NULL CHECK (ial BETWEEN 0 AND 7),
    aal         INTEGER NOT NULL CHECK (aal BETWEEN 0 AND 4),
    channel     TEXT    NOT NULL,
    detail      TEXT    NOT NULL, -- JSON object of texts
    mac         BLOB    NOT NULL CHECK (length(mac) = 32) -- under a key that is not in the database
) STRICT;
CREATE INDEX audit_events_account ON audit_events (account, at, seq) WHERE account <> '';
CREATE INDEX audit_events_interaction ON audit_events (interaction, seq) WHERE interaction <> '';

-- Events that are not in the tree yet.
CREATE TABLE audit_pending (
    seq INTEGER NOT NULL PRIMARY KEY
) STRICT;

-- The tree (RFC 9162 section 2.1): its size, which event is which leaf, the hashes of complete subtrees (level 1 upwards; leaf
-- hashes are level 0), and the signed heads.
CREATE TABLE audit_tree (
    id   INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    size INTEGER NOT NULL CHECK (size >= 0)
) STRICT;
INSERT INTO audit_tree (id, size) VALUES (1, 0);

CREATE TABLE audit_leaves (
    idx  INTEGER NOT NULL PRIMARY KEY CHECK (idx >= 0),
    seq  INTEGER NOT NULL UNIQUE REFERENCES audit_events (seq),
    hash BLOB    NOT NULL CHECK (length(hash) = 32)
) STRICT;

CREATE TABLE audit_nodes (
    level INTEGER NOT NULL CHECK (level BETWEEN 1 AND 62),
    idx   INTEGER NOT NULL CHECK (idx >= 0),
    hash  BLOB    NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (level, idx)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit_heads (
    seq       INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    size      INTEGER NOT NULL CHECK (size >= 0),
    root      BLOB    NOT NULL CHECK (length(root) = 32),
    at        INTEGER NOT NULL,
    signature TEXT    NOT NULL
) STRICT;
CREATE INDEX audit_heads_size ON audit_heads (size, seq);

-- +goose StatementBegin
CREATE TRIGGER audit_events_pend AFTER INSERT ON audit_events
BEGIN
    INSERT INTO audit_pending (seq) VALUES (NEW.seq);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_events_no_replace BEFORE INSERT ON audit_events
WHEN EXISTS (SELECT 1 FROM audit_events WHERE id = NEW.id OR seq = NEW.seq)
BEGIN
    SELECT RAISE(ABORT, 'audit_events is append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events
BEGIN
    SELECT RAISE(ABORT, 'audit_events is append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events
BEGIN
    SELECT RAISE(ABORT, 'audit_events is append-only');
END;
-- +goose StatementEnd
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
CREATE TRIGGER audit_nodes_no_update BEFORE UPDATE ON audit_nodes
BEGIN
    SELECT RAISE(ABORT, 'audit_nodes is append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_nodes_no_delete BEFORE DELETE ON audit_nodes
BEGIN
    SELECT RAISE(ABORT, 'audit_nodes is append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_heads_no_update BEFORE UPDATE ON audit_heads
BEGIN
    SELECT RAISE(ABORT, 'audit_heads is append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_heads_no_delete BEFORE DELETE ON audit_heads
BEGIN
    SELECT RAISE(ABORT, 'audit_heads is append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_tree_only_grows BEFORE UPDATE ON audit_tree
WHEN NEW.size <= OLD.size
BEGIN
    SELECT RAISE(ABORT, 'audit_tree only grows');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_tree_no_delete BEFORE DELETE ON audit_tree
BEGIN
    SELECT RAISE(ABORT, 'audit_tree only grows');
END;
-- +goose StatementEnd
