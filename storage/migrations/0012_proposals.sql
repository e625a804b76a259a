-- Answers that experts sent by mail, for moderators to take or leave.
CREATE TABLE proposals (
    id BIGINT PRIMARY KEY,
    question BIGINT NOT NULL,
    -- A keyed hash of question and address: a later answer takes the place of an earlier one.
    key TEXT NOT NULL,
    text BYTEA NOT NULL,
    hour BIGINT NOT NULL
);
CREATE UNIQUE INDEX proposals_once ON proposals (key);
CREATE INDEX proposals_question ON proposals (question);
