-- Keys that open what identity providers encrypt for the hub. SQLite can't change a CHECK, so the table is made anew.

-- +goose Up
CREATE TABLE keys_new (
    seq         INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    id          TEXT    NOT NULL UNIQUE,
    use         TEXT    NOT NULL CHECK (use IN ('sign', 'seal', 'index', 'decrypt')),
    alg         TEXT    NOT NULL,
    public      BLOB,             -- JWK
    sealed      BLOB,             -- NULL once shredded
    master      TEXT    NOT NULL, -- fingerprint of the master key
    created_at  INTEGER NOT NULL,
    active_from INTEGER NOT NULL,
    retire_at   INTEGER,
    expires_at  INTEGER
) STRICT;
INSERT INTO keys_new (seq, id, use, alg, public, sealed, master, created_at, active_from, retire_at, expires_at)
SELECT seq, id, use, alg, public, sealed, master, created_at, active_from, retire_at, expires_at FROM keys;
DROP TABLE keys;
ALTER TABLE keys_new RENAME TO keys;
