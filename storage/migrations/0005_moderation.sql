-- What moderators and interpreters do with questions, and who else wants to know the answer.

-- Who of the staff has it in hand, and until when.
ALTER TABLE questions ADD COLUMN claimed_by BIGINT;
ALTER TABLE questions ADD COLUMN claimed_until BIGINT;
-- Whose stages it follows; that one follows no other.
ALTER TABLE questions ADD COLUMN merged_into BIGINT;
-- The asker's own words, once a moderator has changed the text.
ALTER TABLE questions ADD COLUMN original BYTEA;
ALTER TABLE questions ADD COLUMN source TEXT NOT NULL DEFAULT 'chat';
-- How many others want to know.
ALTER TABLE questions ADD COLUMN supports BIGINT NOT NULL DEFAULT 0;
-- A number that rises with every change to any question; those that are there have the first.
ALTER TABLE questions ADD COLUMN changed BIGINT NOT NULL DEFAULT 1;
INSERT INTO counters (name, value) VALUES ('questions-changed', 1);
-- What the asker was told last of how far it has come.
ALTER TABLE questions ADD COLUMN told TEXT;
ALTER TABLE questions ADD COLUMN answer_public BIGINT NOT NULL DEFAULT 0;
ALTER TABLE questions ADD COLUMN answered_language TEXT;
-- The message that carries the answer, until it has arrived.
ALTER TABLE questions ADD COLUMN sent_in BYTEA;
-- A keyed hash of governorate and webinar: whether anybody from there was heard.
ALTER TABLE questions ADD COLUMN place_key TEXT;
DROP INDEX questions_webinar;
CREATE INDEX questions_stage ON questions ((COALESCE(webinar, '')), state, ordinal);
CREATE INDEX questions_waiting ON questions ((COALESCE(webinar, '')), ordinal)
    WHERE state IN ('received', 'in_review');
CREATE INDEX questions_changed ON questions ((COALESCE(webinar, '')), changed);
CREATE INDEX questions_merged ON questions (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX questions_claimed ON questions (claimed_until) WHERE claimed_until IS NOT NULL;
CREATE INDEX questions_sent ON questions (id) WHERE sent_in IS NOT NULL;

CREATE TABLE supports (
    question BIGINT NOT NULL,
    supporter_key TEXT NOT NULL,
    supporter BYTEA,
    sent_in BYTEA,
    PRIMARY KEY (question, supporter_key)
);
CREATE INDEX supports_supporter ON supports (supporter_key);
CREATE INDEX supports_sent ON supports (question) WHERE sent_in IS NOT NULL;

-- Of a webinar, or of the series as a whole where it is ''.
CREATE TABLE intake (
    webinar TEXT PRIMARY KEY,
    paused BIGINT NOT NULL,
    slow_seconds BIGINT NOT NULL
);

-- Who is not heard: an asker of one webinar, or an account, by keyed hashes.
CREATE TABLE hushed (
    key TEXT NOT NULL,
    webinar TEXT NOT NULL,
    kind TEXT NOT NULL,
    until BIGINT NOT NULL,
    PRIMARY KEY (key, kind)
);

CREATE TABLE strikes (
    key TEXT PRIMARY KEY,
    webinar TEXT NOT NULL,
    count BIGINT NOT NULL
);

-- A question or its answer in another language.
CREATE TABLE texts (
    id BIGINT PRIMARY KEY,
    question BIGINT NOT NULL,
    part TEXT NOT NULL,
    language TEXT NOT NULL,
    text BYTEA,
    state TEXT NOT NULL,
    claimed_by BIGINT,
    claimed_until BIGINT,
    draft BYTEA
);
CREATE UNIQUE INDEX texts_once ON texts (question, part, language);
CREATE INDEX texts_wanted ON texts (language, id) WHERE state <> 'approved';
CREATE INDEX texts_undrafted ON texts (id) WHERE state <> 'approved' AND draft IS NULL;
