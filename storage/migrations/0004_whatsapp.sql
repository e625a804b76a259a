-- What a platform with windows, templates and statuses asks for, and one person on several channels.

-- Until then the address takes any message, later only templates; 0 is long ago, NULL no window.
ALTER TABLE addresses ADD COLUMN open_until BIGINT;
-- Where its person wishes to be written to, if they said so.
ALTER TABLE addresses ADD COLUMN preferred BIGINT NOT NULL DEFAULT 0;
-- 0 once they told the platform that they want no announcements.
ALTER TABLE addresses ADD COLUMN marketing BIGINT NOT NULL DEFAULT 1;
-- Until then the platform keeps from them what they did not ask for.
ALTER TABLE addresses ADD COLUMN rests_until BIGINT;
-- 1 while its person has another address, too: two of their turns may then come at once.
ALTER TABLE addresses ADD COLUMN linked BIGINT NOT NULL DEFAULT 0;
-- All that an audience asks of an address.
DROP INDEX addresses_person;
CREATE INDEX addresses_person ON addresses
    (person, channel, reachable, stopped, preferred, marketing, rests_until, id);

-- How somebody agreed: where they read it, beside which words, and when.
ALTER TABLE consents ADD COLUMN channel TEXT;

-- When a message was last taken to be sent; and by which detours: 1 for each time that it went once
-- more to the same address, 8 for another address of its person.
ALTER TABLE outbox ADD COLUMN taken BIGINT;
ALTER TABLE outbox ADD COLUMN detours BIGINT NOT NULL DEFAULT 0;

-- What was laid down with the platform for one prompt or template in one language.
CREATE TABLE contents (
    key TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    language TEXT NOT NULL,
    category TEXT,
    sid TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    hour BIGINT NOT NULL
);

-- Whom we wrote to first within a day, of whom a platform allows only so many.
CREATE TABLE reached (address BIGINT PRIMARY KEY, at BIGINT NOT NULL);
CREATE INDEX reached_at ON reached (at);

-- A code that makes one person of two, shown to the first of them; only a keyed hash is kept.
CREATE TABLE link_codes (person BIGINT PRIMARY KEY, key TEXT NOT NULL, expires BIGINT NOT NULL);
CREATE UNIQUE INDEX link_codes_key ON link_codes (key);
-- Misses; whose they are, so that nobody uses up the tries of all.
CREATE TABLE link_tries (id BIGINT PRIMARY KEY, person BIGINT, at BIGINT NOT NULL);

-- Whom a person was besides: to be forgotten in a backup from before they were joined, too.
CREATE TABLE joined (gone BIGINT PRIMARY KEY, person BIGINT NOT NULL, hour BIGINT NOT NULL);
CREATE INDEX joined_person ON joined (person);
