-- Imports of record keys that are ordered before their file comes: on which terms, by which program, and why one was dropped. Suspended bindings in a list.

-- +goose Up
ALTER TABLE record_imports ADD COLUMN by_system TEXT NOT NULL DEFAULT ''; -- a program that ordered it; '' for a person and the command line
ALTER TABLE record_imports ADD COLUMN numbers TEXT NOT NULL DEFAULT '';   -- kind of the state's numbers
ALTER TABLE record_imports ADD COLUMN most_faults INTEGER NOT NULL DEFAULT 0;
ALTER TABLE record_imports ADD COLUMN smaller INTEGER NOT NULL DEFAULT 0 CHECK (smaller IN (0, 1));
ALTER TABLE record_imports ADD COLUMN why TEXT NOT NULL DEFAULT '';

-- What is out of service until somebody has looked, as bindings_queue has what waits.
CREATE INDEX bindings_suspended ON bindings (department, area, updated_at) WHERE state = 'suspended';
