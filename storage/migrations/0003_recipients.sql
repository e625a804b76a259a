-- Recipients of an announcement are written down once it is confirmed, and not when it begins.

-- How many they are, once all are in.
ALTER TABLE broadcasts ADD COLUMN frozen BIGINT;
-- 1 while rows that an earlier confirmation left behind are still to be deleted.
ALTER TABLE broadcasts ADD COLUMN stale BIGINT NOT NULL DEFAULT 0;
-- When it was confirmed last: what one author lets go within an hour is counted together.
ALTER TABLE broadcasts ADD COLUMN agreed BIGINT;
CREATE INDEX broadcasts_stale ON broadcasts (id) WHERE stale = 1;
CREATE INDEX broadcasts_agreed ON broadcasts (made_by, agreed) WHERE agreed IS NOT NULL;
