-- Codes of an authenticator app; `step` is the last one whose code was taken, since each counts once.

CREATE TABLE codes (
    person BIGINT PRIMARY KEY,
    secret BYTEA NOT NULL,
    step BIGINT NOT NULL
);

-- When somebody typed a wrong one.
CREATE TABLE code_tries (
    id BIGINT PRIMARY KEY,
    person BIGINT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX code_tries_person ON code_tries (person, at);
CREATE INDEX code_tries_at ON code_tries (at);

-- Where whoever has used a link up is asked for a code; `secret` is what they are shown to set one
-- up, and `key` the keyed hash of what their browser holds meanwhile.
CREATE TABLE board_doors (
    key TEXT PRIMARY KEY,
    person BIGINT NOT NULL,
    role TEXT NOT NULL,
    seat TEXT NOT NULL,
    webinar TEXT NOT NULL,
    secret BYTEA,
    expires BIGINT NOT NULL
);
CREATE INDEX board_doors_person ON board_doors (person);
