-- What the conversation needs: people, their talks, the programme, questions, the outbox.
-- Columns of type BYTEA are sealed; columns named key hold a keyed hash.

CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);

CREATE TABLE counters (name TEXT PRIMARY KEY, value BIGINT NOT NULL);

CREATE TABLE people (
    id BIGINT PRIMARY KEY,
    language TEXT NOT NULL,
    profile BYTEA NOT NULL,
    governorate_key TEXT,
    announcements BIGINT NOT NULL,
    reminders BIGINT NOT NULL,
    text_only BIGINT NOT NULL,
    all_future BIGINT NOT NULL,
    notice TEXT NOT NULL,
    hour BIGINT NOT NULL
);

CREATE TABLE consents (
    id BIGINT PRIMARY KEY,
    person BIGINT NOT NULL,
    version TEXT NOT NULL,
    hash TEXT NOT NULL,
    language TEXT NOT NULL,
    hour BIGINT NOT NULL
);
CREATE INDEX consents_person ON consents (person);

CREATE TABLE addresses (
    id BIGINT PRIMARY KEY,
    person BIGINT NOT NULL,
    channel TEXT NOT NULL,
    account BYTEA NOT NULL,
    reachable BIGINT NOT NULL,
    stopped BIGINT NOT NULL,
    last_delivery BIGINT,
    letters BIGINT NOT NULL
);
CREATE INDEX addresses_person ON addresses (person);

CREATE TABLE address_keys (key TEXT PRIMARY KEY, address BIGINT NOT NULL);
CREATE INDEX address_keys_address ON address_keys (address);

CREATE TABLE talks (
    person BIGINT PRIMARY KEY,
    state BYTEA,
    hour BIGINT NOT NULL
);

CREATE TABLE seen (key TEXT PRIMARY KEY, at BIGINT NOT NULL);
CREATE INDEX seen_at ON seen (at);

CREATE TABLE series (id TEXT PRIMARY KEY, position BIGINT NOT NULL, content TEXT NOT NULL);

CREATE TABLE webinars (
    id TEXT PRIMARY KEY,
    series TEXT NOT NULL,
    starts_at BIGINT NOT NULL,
    minutes BIGINT NOT NULL,
    state TEXT NOT NULL,
    capacity BIGINT,
    content TEXT NOT NULL
);

CREATE TABLE registrations (
    id BIGINT PRIMARY KEY,
    person BIGINT NOT NULL,
    webinar TEXT NOT NULL,
    extra BYTEA NOT NULL,
    hour BIGINT NOT NULL
);
CREATE UNIQUE INDEX registrations_person ON registrations (person, webinar);
CREATE INDEX registrations_webinar ON registrations (webinar);

CREATE TABLE questions (
    id BIGINT PRIMARY KEY,
    webinar TEXT,
    kind TEXT NOT NULL,
    text BYTEA NOT NULL,
    anonymous BIGINT NOT NULL,
    language TEXT NOT NULL,
    state TEXT NOT NULL,
    asker BYTEA,
    asker_key TEXT,
    message BYTEA,
    message_key TEXT,
    reason BYTEA,
    answer BYTEA,
    ordinal BIGINT NOT NULL,
    hour BIGINT NOT NULL
);
CREATE INDEX questions_asker ON questions (asker_key);
CREATE INDEX questions_message ON questions (message_key);
CREATE INDEX questions_webinar ON questions (webinar);

CREATE TABLE outbox (
    id BIGINT PRIMARY KEY,
    address BIGINT NOT NULL,
    channel TEXT NOT NULL,
    lane BIGINT NOT NULL,
    act TEXT NOT NULL,
    target BYTEA,
    target_delivery BIGINT,
    slot TEXT,
    message BYTEA,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    ambiguous BIGINT NOT NULL,
    due BIGINT NOT NULL,
    not_after BIGINT,
    platform_id BYTEA,
    reason BYTEA,
    settled BIGINT
);
CREATE INDEX outbox_queued ON outbox (channel, lane, due, id) WHERE state = 'queued';
CREATE INDEX outbox_sending ON outbox (channel) WHERE state = 'sending';
CREATE INDEX outbox_settled ON outbox (settled) WHERE settled IS NOT NULL;
CREATE INDEX outbox_address ON outbox (address, lane);

CREATE TABLE mailbox (
    id BIGINT PRIMARY KEY,
    address BIGINT NOT NULL,
    number BIGINT NOT NULL,
    act TEXT NOT NULL,
    target BIGINT,
    message BYTEA NOT NULL,
    hour BIGINT NOT NULL,
    acknowledged BIGINT
);
CREATE UNIQUE INDEX mailbox_number ON mailbox (address, number);

CREATE TABLE erasures (
    id BIGINT PRIMARY KEY,
    channel TEXT NOT NULL,
    job BYTEA NOT NULL,
    at BIGINT NOT NULL
);

CREATE TABLE erased (key TEXT PRIMARY KEY, hour BIGINT NOT NULL);

CREATE TABLE quarantine (
    id BIGINT PRIMARY KEY,
    channel TEXT NOT NULL,
    account_key TEXT,
    raw BYTEA NOT NULL,
    reason TEXT NOT NULL,
    at BIGINT NOT NULL
);
