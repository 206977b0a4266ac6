-- Keys of the hub, and the record of what happened with its Merkle tree.
--
-- Times are microseconds since 1970 UTC. The audit tables are append-only, whoever writes: what their triggers can't stop (who
-- owns the tables can drop a trigger) is found by the tree and its signed heads (AUD-11, hub/audit).

-- +goose Up
-- Private and secret parts rest only sealed under the master key, which is not in the database.
CREATE TABLE keys (
    seq         BIGINT   NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id          TEXT     NOT NULL UNIQUE,
    use         TEXT     NOT NULL CHECK (use IN ('sign', 'seal', 'index')),
    alg         TEXT     NOT NULL,
    public      BYTEA,             -- JWK
    sealed      BYTEA,             -- NULL once shredded
    master      TEXT     NOT NULL, -- fingerprint of the master key
    created_at  BIGINT   NOT NULL,
    active_from BIGINT   NOT NULL,
    retire_at   BIGINT,
    expires_at  BIGINT
);

-- Every change of keys counts this up in the same transaction, if it still has the number that the writer has seen.
CREATE TABLE keys_version (
    id      BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    version BIGINT NOT NULL CHECK (version >= 0)
);
INSERT INTO keys_version (id, version) VALUES (1, 0);

-- One line of the record: ids, words of closed lists, levels and times. Empty text where an event has no such part.
CREATE TABLE audit_events (
    seq         BIGINT   NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id          TEXT     NOT NULL UNIQUE,
    at          BIGINT   NOT NULL,
    interaction TEXT     NOT NULL,
    kind        TEXT     NOT NULL CHECK (length(kind) BETWEEN 3 AND 64),
    outcome     TEXT     NOT NULL CHECK (outcome IN ('success', 'refusal', 'failure')),
    reason      TEXT     NOT NULL,
    account     TEXT     NOT NULL,
    session     TEXT     NOT NULL,
    system      TEXT     NOT NULL,
    provider    TEXT     NOT NULL,
    ial         SMALLINT NOT NULL CHECK (ial BETWEEN 0 AND 7),
    aal         SMALLINT NOT NULL CHECK (aal BETWEEN 0 AND 4),
    channel     TEXT     NOT NULL,
    detail      TEXT     NOT NULL, -- JSON object of texts
    mac         BYTEA    NOT NULL CHECK (length(mac) = 32) -- under a key that is not in the database
);
CREATE INDEX audit_events_account ON audit_events (account, at, seq) WHERE account <> '';
CREATE INDEX audit_events_interaction ON audit_events (interaction, seq) WHERE interaction <> '';

-- Events that are not in the tree yet.
CREATE TABLE audit_pending (
    seq BIGINT NOT NULL PRIMARY KEY
);

-- The tree (RFC 9162 section 2.1): its size, which event is which leaf, the hashes of complete subtrees (level 1 upwards; leaf
-- hashes are level 0), and the signed heads.
CREATE TABLE audit_tree (
    id   BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    size BIGINT NOT NULL CHECK (size >= 0)
);
INSERT INTO audit_tree (id, size) VALUES (1, 0);

CREATE TABLE audit_leaves (
    idx  BIGINT NOT NULL PRIMARY KEY CHECK (idx >= 0),
    seq  BIGINT NOT NULL UNIQUE REFERENCES audit_events (seq),
    hash BYTEA  NOT NULL CHECK (length(hash) = 32)
);

CREATE TABLE audit_nodes (
    level SMALLINT NOT NULL CHECK (level BETWEEN 1 AND 62),
    idx   BIGINT   NOT NULL CHECK (idx >= 0),
    hash  BYTEA    NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (level, idx)
);

CREATE TABLE audit_heads (
    seq       BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    size      BIGINT NOT NULL CHECK (size >= 0),
    root      BYTEA  NOT NULL CHECK (length(root) = 32),
    at        BIGINT NOT NULL,
    signature TEXT   NOT NULL
);
CREATE INDEX audit_heads_size ON audit_heads (size, seq);

-- +goose StatementBegin
CREATE FUNCTION audit_events_pend() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit_pending (seq) SELECT seq FROM added;
    RETURN NULL;
END;
$$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'OD002';
END;
$$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.size <= OLD.size THEN
        RAISE EXCEPTION '% only grows', TG_TABLE_NAME USING ERRCODE = 'OD003';
    END IF;
    RETURN NEW;
END;
$$;
-- +goose StatementEnd

CREATE TRIGGER audit_events_pend AFTER INSERT ON audit_events
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION audit_events_pend();
CREATE TRIGGER audit_events_no_change BEFORE UPDATE OR DELETE ON audit_events
    FOR EACH ROW EXECUTE FUNCTION audit_append_only();
CREATE TRIGGER audit_events_no_truncate BEFORE TRUNCATE ON audit_events
    FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();
CREATE TRIGGER audit_leaves_no_change BEFORE UPDATE OR DELETE ON audit_leaves
    FOR EACH ROW EXECUTE FUNCTION audit_append_only();
CREATE TRIGGER audit_leaves_no_truncate BEFORE TRUNCATE ON audit_leaves
    FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();
CREATE TRIGGER audit_nodes_no_change BEFORE UPDATE OR DELETE ON audit_nodes
    FOR EACH ROW EXECUTE FUNCTION audit_append_only();
CREATE TRIGGER audit_nodes_no_truncate BEFORE TRUNCATE ON audit_nodes
    FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();
CREATE TRIGGER audit_heads_no_change BEFORE UPDATE OR DELETE ON audit_heads
    FOR EACH ROW EXECUTE FUNCTION audit_append_only();
CREATE TRIGGER audit_heads_no_truncate BEFORE TRUNCATE ON audit_heads
    FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();
CREATE TRIGGER audit_tree_only_grows BEFORE UPDATE ON audit_tree
    FOR EACH ROW EXECUTE FUNCTION audit_only_grows();
CREATE TRIGGER audit_tree_no_delete BEFORE DELETE ON audit_tree
    FOR EACH ROW EXECUTE FUNCTION audit_append_only();
CREATE TRIGGER audit_tree_no_truncate BEFORE TRUNCATE ON audit_tree
    FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();
