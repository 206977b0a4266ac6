-- Ends of bindings that a second person must agree to, and notices to people of what became of their records.

-- +goose Up
ALTER TABLE bindings ADD COLUMN wanted TEXT NOT NULL DEFAULT '' CHECK (wanted IN ('', 'bound', 'unbound')); -- by approved_first, until a second person says yes or no
ALTER TABLE bindings ADD COLUMN wanted_why TEXT NOT NULL DEFAULT '';
-- What staff must look at: out of service, or waiting for a second person.
DROP INDEX bindings_suspended;
CREATE INDEX bindings_unsettled ON bindings (department, area, updated_at) WHERE state = 'suspended' OR wanted <> '';

ALTER TABLE notices DROP CONSTRAINT notices_kind_check;
ALTER TABLE notices ADD CONSTRAINT notices_kind_check CHECK (kind IN ('level_raised', 'contact_added', 'contact_removed', 'account_suspended', 'account_resumed',
    'account_terminated', 'item_locked', 'item_opened',
    'provider_removed', 'provider_allowed',
    'record_bound', 'record_suspended', 'record_resumed', 'record_unbound'));
