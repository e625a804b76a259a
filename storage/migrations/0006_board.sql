-- The board: the ways to it, and who has it open.

CREATE TABLE board_links (
    key TEXT PRIMARY KEY,
    person BIGINT NOT NULL,
    role TEXT NOT NULL,
    seat TEXT NOT NULL,
    webinar TEXT NOT NULL,
    expires BIGINT NOT NULL
);
CREATE INDEX board_links_person ON board_links (person);
CREATE INDEX board_links_expires ON board_links (expires);

CREATE TABLE board_sessions (
    key TEXT PRIMARY KEY,
    person BIGINT NOT NULL,
    role TEXT NOT NULL,
    seat TEXT NOT NULL,
    webinar TEXT NOT NULL,
    began BIGINT NOT NULL,
    seen BIGINT NOT NULL
);
CREATE INDEX board_sessions_person ON board_sessions (person);
CREATE INDEX board_sessions_seen ON board_sessions (seen);
