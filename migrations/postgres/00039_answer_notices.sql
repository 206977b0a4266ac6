-- Notices to people that an answer waits for them, and that a case of theirs was taken up at a counter.

-- +goose Up
ALTER TABLE notices DROP CONSTRAINT notices_kind_check;
ALTER TABLE notices ADD CONSTRAINT notices_kind_check CHECK (kind IN ('level_raised', 'contact_added', 'contact_removed', 'account_suspended', 'account_resumed',
    'account_terminated', 'item_locked', 'item_opened',
    'provider_removed', 'provider_allowed',
    'record_bound', 'record_suspended', 'record_resumed', 'record_unbound',
    'complaint_answered', 'counter_confirmed'));
