-- What was searched row by row, while nobody could write.

-- The sweep looks every hour for the letters that are to go.
CREATE INDEX mailbox_hour ON mailbox (hour);
CREATE INDEX mailbox_acknowledged ON mailbox (acknowledged) WHERE acknowledged IS NOT NULL;
-- Organisers look through those of a webinar in the order in which they came.
CREATE INDEX registrations_hour ON registrations (webinar, hour, id);
CREATE INDEX registrations_waiting ON registrations (webinar, hour, id) WHERE approved = 0;
