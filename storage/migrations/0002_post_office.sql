-- What organisers need: staff and their invitations, the way into a webinar, broadcasts, reminders.

CREATE TABLE staff (
    person BIGINT PRIMARY KEY,
    role TEXT NOT NULL,
    state TEXT NOT NULL,
    words TEXT NOT NULL,
    hour BIGINT NOT NULL
);

CREATE TABLE invites (
    key TEXT PRIMARY KEY,
    code_key TEXT NOT NULL,
    role TEXT NOT NULL,
    made_by BIGINT,
    expires BIGINT NOT NULL
);
CREATE UNIQUE INDEX invites_code ON invites (code_key);

CREATE TABLE invite_tries (id BIGINT PRIMARY KEY, at BIGINT NOT NULL);

ALTER TABLE webinars ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE webinars ADD COLUMN approval BIGINT NOT NULL DEFAULT 0;
ALTER TABLE webinars ADD COLUMN way_in BYTEA;

ALTER TABLE registrations ADD COLUMN approved BIGINT NOT NULL DEFAULT 1;
-- Whether the way in was given to them: whoever has it is told when it changes.
ALTER TABLE registrations ADD COLUMN told BIGINT NOT NULL DEFAULT 0;
-- No reminder due before this: one was due, and not out yet, when they registered.
ALTER TABLE registrations ADD COLUMN not_before BIGINT;
DROP INDEX registrations_webinar;
CREATE INDEX registrations_webinar ON registrations (webinar, person);

-- All that an audience asks of an address: so a million of them are read in their order.
DROP INDEX addresses_person;
CREATE INDEX addresses_person ON addresses (person, channel, reachable, stopped, id);

CREATE TABLE posters (
    id BIGINT PRIMARY KEY,
    source BYTEA,
    hash TEXT,
    content BYTEA,
    state TEXT NOT NULL,
    hour BIGINT NOT NULL
);
CREATE INDEX posters_hash ON posters (hash);

CREATE TABLE poster_files (
    hash TEXT NOT NULL,
    language TEXT NOT NULL,
    sender TEXT NOT NULL,
    file BYTEA NOT NULL,
    PRIMARY KEY (hash, language, sender)
);

CREATE TABLE outages (
    id BIGINT PRIMARY KEY,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL
);

CREATE TABLE broadcasts (
    id BIGINT PRIMARY KEY,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    webinar TEXT,
    rule TEXT NOT NULL,
    content BYTEA NOT NULL,
    change TEXT,
    about BIGINT,
    made_by BIGINT,
    made BIGINT NOT NULL,
    starts_at BIGINT NOT NULL,
    not_after BIGINT,
    frozen_to BIGINT,
    counts TEXT,
    began BIGINT,
    ended BIGINT,
    progress BIGINT,
    confirmed BIGINT
);
CREATE INDEX broadcasts_state ON broadcasts (state, starts_at);
CREATE INDEX broadcasts_made ON broadcasts (made);

CREATE TABLE reminders (
    id BIGINT PRIMARY KEY,
    webinar TEXT NOT NULL,
    version BIGINT NOT NULL,
    minutes BIGINT NOT NULL,
    due BIGINT NOT NULL,
    not_after BIGINT NOT NULL,
    state TEXT NOT NULL
);
CREATE UNIQUE INDEX reminders_once ON reminders (webinar, version, minutes);
CREATE INDEX reminders_due ON reminders (state, due);

-- Which reminders a broadcast speaks for: nobody hears the same one from two of them.
CREATE TABLE covers (
    reminder BIGINT NOT NULL,
    broadcast BIGINT NOT NULL,
    PRIMARY KEY (reminder, broadcast)
);
CREATE INDEX covers_broadcast ON covers (broadcast);

-- A row of a broadcast names its person and has no message of its own: that is made at the send.
ALTER TABLE outbox ADD COLUMN broadcast BIGINT;
ALTER TABLE outbox ADD COLUMN person BIGINT;
ALTER TABLE outbox ADD COLUMN fault TEXT;
CREATE UNIQUE INDEX outbox_recipient ON outbox (broadcast, person) WHERE broadcast IS NOT NULL;
CREATE INDEX outbox_bulk ON outbox (broadcast, channel, due, id)
    WHERE state = 'queued' AND broadcast IS NOT NULL;
DROP INDEX outbox_queued;
CREATE INDEX outbox_queued ON outbox (channel, lane, due, id)
    WHERE state = 'queued' AND broadcast IS NULL;
-- Rows of a broadcast are found by their person: keeping a million of them in the order of their
-- addresses, too, took five times as long as all the rest.
DROP INDEX outbox_address;
CREATE INDEX outbox_address ON outbox (address, lane) WHERE broadcast IS NULL;
DROP INDEX outbox_sending;
CREATE INDEX outbox_sending ON outbox (channel, address) WHERE state = 'sending';
-- The sweep looks every hour for the ids that are to go, among a million rows that have none left.
CREATE INDEX outbox_named ON outbox (settled) WHERE platform_id IS NOT NULL;
