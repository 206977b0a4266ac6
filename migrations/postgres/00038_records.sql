-- What may be removed of the record of events, and when (OPS-02), and the search in it.
--
-- Rows of audit_events go in one way only: behind a cut, and when they are older than 186 days by the clock of the database, whatever
-- anybody has configured (hub/audit.LeastKept). Leaves, nodes and heads stay. What somebody removes past these rules is found by
-- the tree: a cut counts only if the event that it names was written by the hub.
--
-- The functions name the tables of the very schema they guard: no table of the same name in front of it in somebody's search path,
-- a temporary one for instance, is looked into instead.

-- +goose Up
-- A leaf stays when its row goes.
ALTER TABLE audit_leaves DROP CONSTRAINT audit_leaves_seq_fkey;

-- The rows of the leaves first up to, not including, upto are removed: all of them are older than before. One cut begins where the one
-- before it ends.
CREATE TABLE audit_cuts (
    upto   BIGINT NOT NULL PRIMARY KEY,
    first  BIGINT NOT NULL UNIQUE CHECK (first >= 0 AND first < upto),
    before BIGINT NOT NULL,
    event  TEXT   NOT NULL UNIQUE
);

-- +goose StatementBegin
CREATE FUNCTION audit_youngest() RETURNS BIGINT LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
    SELECT (extract(epoch FROM clock_timestamp())::bigint - 186 * 86400) * 1000000;
$$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION audit_cuts_grow() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    good BOOLEAN;
BEGIN
    EXECUTE format('SELECT $1 = (SELECT coalesce(max(upto), 0) FROM %1$I.audit_cuts)
        AND $2 <= (SELECT size FROM %1$I.audit_tree WHERE id = 1)
        AND $3 >= (SELECT coalesce(max(before), 0) FROM %1$I.audit_cuts) AND $3 <= %1$I.audit_youngest()
        AND EXISTS (SELECT 1 FROM %1$I.audit_events WHERE id = $4 AND kind = ''audit.purged'')', TG_TABLE_SCHEMA)
        INTO good USING NEW.first, NEW.upto, NEW.before, NEW.event;
    IF good IS NOT TRUE THEN
        RAISE EXCEPTION 'this cut is not allowed' USING ERRCODE = 'OD004';
    END IF;
    RETURN NEW;
END;
$$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION audit_events_leave() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    bad BOOLEAN;
BEGIN
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM gone g WHERE g.at >= %1$I.audit_youngest() OR NOT EXISTS (
        SELECT 1 FROM %1$I.audit_leaves l CROSS JOIN (SELECT upto, before FROM %1$I.audit_cuts ORDER BY upto DESC LIMIT 1) c
        WHERE l.seq = g.seq AND l.idx < c.upto AND g.at < c.before))', TG_TABLE_SCHEMA) INTO bad;
    IF bad IS NOT FALSE THEN
        RAISE EXCEPTION 'audit_events is append-only' USING ERRCODE = 'OD002';
    END IF;
    RETURN NULL;
END;
$$;
-- +goose StatementEnd

CREATE TRIGGER audit_cuts_grow BEFORE INSERT ON audit_cuts
    FOR EACH ROW EXECUTE FUNCTION audit_cuts_grow();
CREATE TRIGGER audit_cuts_no_change BEFORE UPDATE OR DELETE ON audit_cuts
    FOR EACH ROW EXECUTE FUNCTION audit_append_only();
CREATE TRIGGER audit_cuts_no_truncate BEFORE TRUNCATE ON audit_cuts
    FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();

DROP TRIGGER audit_events_no_change ON audit_events;
CREATE TRIGGER audit_events_no_change BEFORE UPDATE ON audit_events
    FOR EACH ROW EXECUTE FUNCTION audit_append_only();
CREATE TRIGGER audit_events_leave AFTER DELETE ON audit_events
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION audit_events_leave();

-- The same bound for what people have agreed to (CON-06): a row of retention_cuts alone does not open the way.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION consents_append_only() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    open BOOLEAN;
BEGIN
    IF TG_OP = 'DELETE' AND TG_LEVEL = 'ROW' THEN
        EXECUTE format('SELECT $1 < %1$I.audit_youngest() AND EXISTS (SELECT 1 FROM %1$I.retention_cuts WHERE class = ''consents'' AND $1 < before)',
            TG_TABLE_SCHEMA) INTO open USING OLD.at;
        IF open THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION 'consents are append-only' USING ERRCODE = 'OD001';
END;
$$;
-- +goose StatementEnd
