-- Keys that open what identity providers encrypt for the hub.

-- +goose Up
ALTER TABLE keys DROP CONSTRAINT keys_use_check;
ALTER TABLE keys ADD CONSTRAINT keys_use_check CHECK (use IN ('sign', 'seal', 'index', 'decrypt'));
