-- What departments' staff bind by: bulk indexes of record keys, and what waits for a reviewer.

-- +goose Up
CREATE TABLE record_imports (
    seq        INTEGER NOT NULL PRIMARY KEY, -- the short name under which its rows rest
    id         TEXT    NOT NULL UNIQUE,
    department TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    state      TEXT    NOT NULL CHECK (state IN ('loading', 'active', 'replaced', 'dropped')),
    format     TEXT    NOT NULL CHECK (format IN ('csv', 'ndjson')),
    digest     BLOB    NOT NULL CHECK (length(digest) = 32), -- keyed, of what of the file is in
    file_bytes INTEGER NOT NULL,
    line       INTEGER NOT NULL,
    taken      INTEGER NOT NULL,
    faults     INTEGER NOT NULL,
    sealed_key BLOB,             -- under the master key, which is not in the database; thrown away at the end
    by_account TEXT    NOT NULL, -- '' for the command line
    at         INTEGER NOT NULL,
    until      INTEGER,
    swept      INTEGER NOT NULL DEFAULT 0 CHECK (swept IN (0, 1)), -- its rows are gone
    CHECK ((state IN ('loading', 'active')) = (sealed_key IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX record_imports_loading ON record_imports (department, kind) WHERE state = 'loading';
CREATE UNIQUE INDEX record_imports_active ON record_imports (department, kind) WHERE state = 'active';
CREATE INDEX record_imports_sweep ON record_imports (seq) WHERE state IN ('replaced', 'dropped') AND swept = 0;

-- Keyed hashes only. The number of the record rests sealed under the key of its import.
CREATE TABLE record_keys (
    import INTEGER NOT NULL,
    line   INTEGER NOT NULL,
    record BLOB    NOT NULL CHECK (length(record) = 16),
    number BLOB    CHECK (length(number) = 16),
    facts  BLOB    CHECK (length(facts) = 16),
    checks BLOB    NOT NULL,
    area   TEXT    NOT NULL,
    sealed BLOB    NOT NULL,
    PRIMARY KEY (import, line)
) STRICT, WITHOUT ROWID;

-- Where a hash is found: filled in the order of the hashes once all lines are in, which costs a tenth of an index that grows with them.
CREATE TABLE record_finds (
    import INTEGER NOT NULL,
    by_key INTEGER NOT NULL CHECK (by_key IN (0, 1, 2)), -- record, number, facts
    hash   BLOB    NOT NULL,
    line   INTEGER NOT NULL,
    PRIMARY KEY (import, by_key, hash, line)
) STRICT, WITHOUT ROWID;

-- Lines that were not taken: where and why, never what was in them.
CREATE TABLE record_faults (
    import INTEGER NOT NULL,
    line   INTEGER NOT NULL,
    field  TEXT    NOT NULL,
    why    TEXT    NOT NULL,
    PRIMARY KEY (import, line)
) STRICT, WITHOUT ROWID;

-- What a person showed, for as long as a reviewer has to look: sealed under a key of its own, which is sealed under the master key.
CREATE TABLE review_evidence (
    binding    TEXT    NOT NULL PRIMARY KEY REFERENCES bindings (id),
    sealed     BLOB    NOT NULL,
    sealed_key BLOB    NOT NULL,
    at         INTEGER NOT NULL,
    until      INTEGER NOT NULL
) STRICT;
CREATE INDEX review_evidence_until ON review_evidence (until);

-- Codes that people say at a counter, as keyed hashes. Each works once.
CREATE TABLE review_codes (
    hash    BLOB    NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
    binding TEXT    NOT NULL REFERENCES bindings (id),
    until   INTEGER NOT NULL,
    used_at INTEGER,
    used_by TEXT    NOT NULL -- the clerk; '' before
) STRICT;
CREATE INDEX review_codes_binding ON review_codes (binding);
CREATE INDEX review_codes_until ON review_codes (until);
