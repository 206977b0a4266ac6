-- What could not be told, by pages: of the whole platform, and of one system. The index of before held what failed and not what could not be
-- told at all, which is asked together, and so served no question. What failed is rare, and what is told well is in neither of these.

-- +goose Up
DROP INDEX logout_notices_failed;
CREATE INDEX logout_notices_lost ON logout_notices (at, id) WHERE state IN ('failed', 'unreachable');
CREATE INDEX logout_notices_lost_at ON logout_notices (system, at, id) WHERE state IN ('failed', 'unreachable');
