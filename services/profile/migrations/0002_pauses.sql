-- A pause that is over still says what must not be learned of it: a day's silence is judged when the day has passed.
CREATE TABLE profile.pauses (
  person_id uuid NOT NULL,
  since timestamptz NOT NULL,
  until timestamptz,
  PRIMARY KEY (person_id, since)
);
INSERT INTO profile.pauses (person_id, since, until)
SELECT person_id, paused_since, paused_until FROM profile.cards WHERE paused_since IS NOT NULL;
COMMENT ON TABLE profile.pauses IS 'personal: when a person paused oO; 60 days, then gone with their next pause or their account';
COMMENT ON COLUMN profile.pauses.person_id IS 'personal: who';
COMMENT ON COLUMN profile.pauses.since IS 'personal: from when';
COMMENT ON COLUMN profile.pauses.until IS 'personal: until when; null means until the person resumes';

GRANT SELECT, INSERT, UPDATE, DELETE ON profile.pauses TO oo_api;
