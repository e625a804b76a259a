-- A platform is brought the picture of a broadcast before everybody there is sent it.

-- The channel on which only some of its rows may leave, and their ids (JSON); NULL lets all leave.
ALTER TABLE broadcasts ADD COLUMN ahead_on TEXT;
ALTER TABLE broadcasts ADD COLUMN ahead TEXT;
