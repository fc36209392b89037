-- A push is sent by chance where it is nearly worth it: what it shows was as likely as that, times its own share.
ALTER TABLE recommender.decisions ADD COLUMN send_probability real
  CHECK (send_probability BETWEEN 0 AND 1 AND (send_probability IS NULL OR trigger = 'push'));
COMMENT ON COLUMN recommender.decisions.send_probability IS 'personal: how likely a push was to be sent at all';
