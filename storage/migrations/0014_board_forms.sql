-- Which forms of a board were carried out lately, and what was said to that.
CREATE TABLE board_forms (
    -- A keyed hash of the session and of all that the form held.
    key TEXT PRIMARY KEY,
    -- A key of the catalogues.
    said TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX board_forms_at ON board_forms (at);
