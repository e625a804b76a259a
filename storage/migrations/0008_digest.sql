-- What the experts get before and after a session, and who gets it besides the staff.

-- An address that organisers named for a webinar. It is nobody's here: no person, nothing to be
-- looked up by, sealed under the key of its webinar.
CREATE TABLE guests (
    id BIGINT PRIMARY KEY,
    webinar TEXT NOT NULL,
    -- A keyed hash of webinar and address: whoever does not want to be written to is not asked again.
    key TEXT NOT NULL,
    address BIGINT NOT NULL,
    language TEXT NOT NULL,
    state TEXT NOT NULL,
    expires BIGINT NOT NULL
);
CREATE UNIQUE INDEX guests_once ON guests (webinar, key);

-- How often it was sent for this version of a webinar, when last, and whether ever by itself.
CREATE TABLE digests (
    webinar TEXT NOT NULL,
    version BIGINT NOT NULL,
    part TEXT NOT NULL,
    sent BIGINT NOT NULL,
    at BIGINT NOT NULL,
    unasked BIGINT NOT NULL,
    PRIMARY KEY (webinar, version, part)
);
