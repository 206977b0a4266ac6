-- Who keeps a service item and who has changed it, changes that wait for a second pair of eyes, and which items a change has touched.
-- Times are microseconds since 1970 UTC.

-- +goose Up
ALTER TABLE authz_items ADD COLUMN origin TEXT NOT NULL DEFAULT 'file' CHECK (origin IN ('file', 'api'));
-- held: staff have suspended it. Files do not offer it again.
ALTER TABLE authz_items ADD COLUMN held INTEGER NOT NULL DEFAULT 0 CHECK (held IN (0, 1));
-- An item that is retired is unknown to everybody, and its id is never given again: what people have decided about it is of the one that it was.
ALTER TABLE authz_items ADD COLUMN retired_at INTEGER;
-- edition: version of the whole catalogue that the item was last changed with.
ALTER TABLE authz_items ADD COLUMN edition INTEGER NOT NULL DEFAULT 0;
CREATE INDEX authz_items_edition ON authz_items (edition);

ALTER TABLE authz_item_versions ADD COLUMN account TEXT NOT NULL DEFAULT ''; -- who made it: a person, or
ALTER TABLE authz_item_versions ADD COLUMN program TEXT NOT NULL DEFAULT ''; -- a system; neither for files
ALTER TABLE authz_item_versions ADD COLUMN second TEXT NOT NULL DEFAULT '';  -- who has confirmed it, where somebody had to

-- One change of an item that waits for somebody else's yes; it is gone when it has been taken.
CREATE TABLE authz_item_drafts (
    item       TEXT    NOT NULL PRIMARY KEY,
    id         TEXT    NOT NULL UNIQUE,
    department TEXT    NOT NULL REFERENCES departments (id),
    base       INTEGER NOT NULL CHECK (base >= 0), -- version that it is a change of; 0 for a new item
    spec       TEXT    NOT NULL,                   -- JSON, see authz/authzsql
    account    TEXT    NOT NULL,
    program    TEXT    NOT NULL,
    at         INTEGER NOT NULL,
    CHECK (account = '' OR program = '')
) STRICT;
CREATE INDEX authz_item_drafts_department ON authz_item_drafts (department, at);
