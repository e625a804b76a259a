-- Questions that seem to ask the same, and questions with a word of the community's list.

-- A pair, the smaller id first; how alike they are of 1000. Ids alone: nothing of what was asked.
CREATE TABLE alike (
    question BIGINT NOT NULL,
    other BIGINT NOT NULL,
    score BIGINT NOT NULL,
    PRIMARY KEY (question, other)
);
CREATE INDEX alike_other ON alike (other);

ALTER TABLE questions ADD COLUMN flagged BIGINT NOT NULL DEFAULT 0;
