-- Addresses of mail that were given and are still to be proved; where `key` is the keyed hash of
-- what their link carries, and `mail_key` that of the address, which is written to so often a day.

CREATE TABLE proofs (
    id BIGINT PRIMARY KEY,
    person BIGINT NOT NULL,
    mail BYTEA,
    mail_key TEXT NOT NULL,
    key TEXT,
    state TEXT NOT NULL,
    hour BIGINT NOT NULL,
    expires BIGINT NOT NULL
);
CREATE UNIQUE INDEX proofs_key ON proofs (key);
CREATE INDEX proofs_person ON proofs (person);
CREATE INDEX proofs_mail ON proofs (mail_key, hour);
CREATE INDEX proofs_waiting ON proofs (state) WHERE state <> 'over';
