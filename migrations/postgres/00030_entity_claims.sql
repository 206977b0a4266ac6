-- What a claim on an entity rests on, two pairs of eyes on it, and on who follows a master administrator.

-- +goose Up
ALTER TABLE entity_claims ADD COLUMN proof BYTEA; -- sealed; shredded with the decision, or when it is too old
ALTER TABLE entity_claims ADD COLUMN first_by TEXT NOT NULL DEFAULT ''; -- who has approved, where a second person must
ALTER TABLE entity_claims ADD COLUMN first_at BIGINT;
CREATE INDEX entity_claims_proof ON entity_claims (at) WHERE proof IS NOT NULL;

-- What a member of staff wants to become of a master administrator, until a second one wants the same.
CREATE TABLE entity_wishes (
    entity    TEXT    NOT NULL PRIMARY KEY REFERENCES entities (id),
    master    TEXT    NOT NULL, -- the seat that is in the place; '' where it is empty
    successor TEXT    NOT NULL, -- the seat that shall take it; '' for none
    reason    TEXT    NOT NULL,
    by_staff  TEXT    NOT NULL,
    at        BIGINT  NOT NULL
);
