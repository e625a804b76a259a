-- In which order questions were queued for the experts: the number of that change.
ALTER TABLE questions ADD COLUMN queued BIGINT NOT NULL DEFAULT 0;
