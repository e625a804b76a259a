-- That somebody looked up who asked a question, and why.

-- Whether its asker was told that this may be; nobody was of those that are there.
ALTER TABLE questions ADD COLUMN revealable BIGINT NOT NULL DEFAULT 0;

CREATE TABLE reveals (
    id BIGINT PRIMARY KEY,
    -- Who looked; nobody any more once they are forgotten.
    person BIGINT,
    role TEXT NOT NULL,
    -- What led to whom: nothing any more once they are forgotten.
    question BIGINT,
    asker_key TEXT,
    -- A keyed hash of the form and its code: the same press of a button counts once.
    key TEXT,
    reason BYTEA,
    at BIGINT NOT NULL
);
CREATE INDEX reveals_at ON reveals (at);
CREATE INDEX reveals_person ON reveals (person);
CREATE INDEX reveals_asker ON reveals (asker_key);
