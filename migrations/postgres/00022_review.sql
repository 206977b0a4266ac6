-- What departments' staff bind by: bulk indexes of record keys, and what waits for a reviewer.

-- +goose Up
CREATE TABLE record_imports (
    seq        BIGINT  NOT NULL PRIMARY KEY, -- the short name under which its rows rest
    id         TEXT    NOT NULL UNIQUE,
    department TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    state      TEXT    NOT NULL CHECK (state IN ('loading', 'active', 'replaced', 'dropped')),
    format     TEXT    NOT NULL CHECK (format IN ('csv', 'ndjson')),
    digest     BYTEA   NOT NULL CHECK (length(digest) = 32), -- keyed, of what of the file is in
    file_bytes BIGINT  NOT NULL,
    line       BIGINT  NOT NULL,
    taken      BIGINT  NOT NULL,
    faults     BIGINT  NOT NULL,
    sealed_key BYTEA,             -- under the master key, which is not in the database; thrown away at the end
    by_account TEXT    NOT NULL, -- '' for the command line
    at         BIGINT  NOT NULL,
    until      BIGINT ,
    swept      BIGINT  NOT NULL DEFAULT 0 CHECK (swept IN (0, 1)), -- its rows are gone
    CHECK ((state IN ('loading', 'active')) = (sealed_key IS NOT NULL))
);
CREATE UNIQUE INDEX record_imports_loading ON record_imports (department, kind) WHERE state = 'loading';
CREATE UNIQUE INDEX record_imports_active ON record_imports (department, kind) WHERE state = 'active';
CREATE INDEX record_imports_sweep ON record_imports (seq) WHERE state IN ('replaced', 'dropped') AND swept = 0;

-- Keyed hashes only. The number of the record rests sealed under the key of its import.
CREATE TABLE record_keys (
    import BIGINT  NOT NULL,
    line   BIGINT  NOT NULL,
    record BYTEA   NOT NULL CHECK (length(record) = 16),
    number BYTEA   CHECK (length(number) = 16),
    facts  BYTEA   CHECK (length(facts) = 16),
    checks BYTEA   NOT NULL,
    area   TEXT    NOT NULL,
    sealed BYTEA   NOT NULL,
    PRIMARY KEY (import, line)
);

-- Where a hash is found: filled in the order of the hashes once all lines are in, which costs a tenth of an index that grows with them.
CREATE TABLE record_finds (
    import BIGINT  NOT NULL,
    by_key BIGINT  NOT NULL CHECK (by_key IN (0, 1, 2)), -- record, number, facts
    hash   BYTEA   NOT NULL,
    line   BIGINT  NOT NULL,
    PRIMARY KEY (import, by_key, hash, line)
);

-- Lines that were not taken: where and why, never what was in them.
CREATE TABLE record_faults (
    import BIGINT  NOT NULL,
    line   BIGINT  NOT NULL,
    field  TEXT    NOT NULL,
    why    TEXT    NOT NULL,
    PRIMARY KEY (import, line)
);

-- What a person showed, for as long as a reviewer has to look: sealed under a key of its own, which is sealed under the master key.
CREATE TABLE review_evidence (
    binding    TEXT    NOT NULL PRIMARY KEY REFERENCES bindings (id),
    sealed     BYTEA   NOT NULL,
    sealed_key BYTEA   NOT NULL,
    at         BIGINT  NOT NULL,
    until      BIGINT  NOT NULL
);
CREATE INDEX review_evidence_until ON review_evidence (until);

-- Codes that people say at a counter, as keyed hashes. Each works once.
CREATE TABLE review_codes (
    hash    BYTEA   NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
    binding TEXT    NOT NULL REFERENCES bindings (id),
    until   BIGINT  NOT NULL,
    used_at BIGINT ,
    used_by TEXT    NOT NULL -- the clerk; '' before
);
CREATE INDEX review_codes_binding ON review_codes (binding);
CREATE INDEX review_codes_until ON review_codes (until);
