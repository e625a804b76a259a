-- Who waits for an answer until it is in their language.

CREATE TABLE awaited (
    question BIGINT NOT NULL,
    -- The keyed hash by which somebody asks about its webinar; '' is everybody registered for it.
    key TEXT NOT NULL,
    -- Until then; from then on, or NULL, they have it as it was given.
    due BIGINT,
    -- Of everybody: the broadcasts that have brought it so far, and the languages of these.
    told TEXT,
    PRIMARY KEY (question, key)
);
CREATE INDEX awaited_key ON awaited (key);
CREATE INDEX awaited_due ON awaited (due) WHERE due IS NOT NULL;
