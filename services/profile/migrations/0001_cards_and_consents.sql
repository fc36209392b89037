-- Who a person is to oO, and what they agreed to. Name and e-mail are sealed with the person's own key.
CREATE TABLE profile.cards (
  person_id uuid PRIMARY KEY,
  name bytea NOT NULL,
  email bytea NOT NULL,
  email_hash bytea NOT NULL,
  time_zone text,
  contrast text NOT NULL DEFAULT 'black' CHECK (contrast IN ('black', 'soft')),
  paused_since timestamptz,
  paused_until timestamptz CHECK (paused_until IS NULL OR paused_since IS NOT NULL),
  created_at timestamptz NOT NULL
);
-- Not unique: two sign-in providers may vouch for one address, and they are two accounts.
CREATE INDEX cards_email_hash ON profile.cards (email_hash);
COMMENT ON TABLE profile.cards IS 'personal: one card a person, until the account is deleted';
COMMENT ON COLUMN profile.cards.person_id IS 'personal: whose card this is';
COMMENT ON COLUMN profile.cards.name IS 'personal: the name, sealed with the person''s key';
COMMENT ON COLUMN profile.cards.email IS 'personal: the e-mail address, sealed with the person''s key';
COMMENT ON COLUMN profile.cards.email_hash IS 'personal: keyed fingerprint of the address, finds it again without holding it';
COMMENT ON COLUMN profile.cards.time_zone IS 'personal: IANA time zone; null until the device has told it';
COMMENT ON COLUMN profile.cards.contrast IS 'personal: black, or soft for people whom pure black hurts';
COMMENT ON COLUMN profile.cards.paused_since IS 'personal: when the last pause began; null when awake';
COMMENT ON COLUMN profile.cards.paused_until IS 'personal: when oO wakes again; null means until the person resumes';
COMMENT ON COLUMN profile.cards.created_at IS 'personal: when the account was made';

CREATE TABLE profile.consents (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  person_id uuid NOT NULL,
  purpose text NOT NULL CHECK (purpose IN ('terms', 'sync', 'llm', 'push', 'pooling')),
  version text NOT NULL,
  granted boolean NOT NULL,
  at timestamptz NOT NULL
);
CREATE INDEX consents_latest ON profile.consents (person_id, purpose, seq DESC);
COMMENT ON TABLE profile.consents IS 'personal: every yes and no, only ever added to; the latest of a purpose counts; until the account is deleted';
COMMENT ON COLUMN profile.consents.seq IS 'plain: the order of answers';
COMMENT ON COLUMN profile.consents.person_id IS 'personal: whose answer';
COMMENT ON COLUMN profile.consents.purpose IS 'personal: what was asked';
COMMENT ON COLUMN profile.consents.version IS 'personal: the version of the text it was asked with';
COMMENT ON COLUMN profile.consents.granted IS 'personal: yes, or withdrawn';
COMMENT ON COLUMN profile.consents.at IS 'personal: when it was answered';

GRANT USAGE ON SCHEMA profile TO oo_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON profile.cards TO oo_api;
-- No UPDATE: an answer once given is history.
GRANT SELECT, INSERT, DELETE ON profile.consents TO oo_api;
