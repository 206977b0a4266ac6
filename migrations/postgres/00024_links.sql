-- Links to identity providers that their person has removed, and notices of it.

-- +goose Up
ALTER TABLE account_links ADD COLUMN removed_at BIGINT; -- nobody comes in over it while it is set

ALTER TABLE notices DROP CONSTRAINT notices_kind_check;
ALTER TABLE notices ADD CONSTRAINT notices_kind_check CHECK (kind IN ('level_raised', 'contact_added', 'contact_removed', 'account_suspended', 'account_resumed',
    'account_terminated', 'item_locked', 'item_opened',
    'provider_removed', 'provider_allowed'));
