-- When a person is busy, from their calendars, and nothing else of what is in them.
CREATE TABLE integrations.calendars (
  person_id uuid NOT NULL,
  provider text NOT NULL,
  cursor bytea,
  read_to timestamptz NOT NULL,
  synced_at timestamptz NOT NULL,
  PRIMARY KEY (person_id, provider)
);
COMMENT ON TABLE integrations.calendars IS 'personal: one row per calendar that was read, until it is disconnected or the consent withdrawn';
COMMENT ON COLUMN integrations.calendars.person_id IS 'personal: whose calendar';
COMMENT ON COLUMN integrations.calendars.provider IS 'personal: the connected source';
COMMENT ON COLUMN integrations.calendars.cursor IS 'personal: where the next reading goes on at the provider, sealed; empty when it begins anew';
COMMENT ON COLUMN integrations.calendars.read_to IS 'plain: how far ahead that cursor reaches';
COMMENT ON COLUMN integrations.calendars.synced_at IS 'plain: when it was last read';

CREATE TABLE integrations.busy_times (
  person_id uuid NOT NULL,
  provider text NOT NULL,
  event_hash bytea NOT NULL,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  all_day boolean NOT NULL,
  PRIMARY KEY (person_id, provider, event_hash)
);
CREATE INDEX busy_times_ends_at ON integrations.busy_times (person_id, ends_at);
COMMENT ON TABLE integrations.busy_times IS 'personal: when a person is busy, from yesterday to 30 days ahead, at most 1,000 times; gone with the source or the consent';
COMMENT ON COLUMN integrations.busy_times.person_id IS 'personal: who is busy';
COMMENT ON COLUMN integrations.busy_times.provider IS 'personal: the connected source';
COMMENT ON COLUMN integrations.busy_times.event_hash IS 'personal: keyed fingerprint of the appointment''s id, to know it again';
COMMENT ON COLUMN integrations.busy_times.starts_at IS 'personal: from when; of a whole day its midnight in UTC, whatever the zone';
COMMENT ON COLUMN integrations.busy_times.ends_at IS 'personal: until when, in the same way';
COMMENT ON COLUMN integrations.busy_times.all_day IS 'personal: whole days, which are the days where the person is';

GRANT SELECT, INSERT, UPDATE, DELETE ON integrations.calendars, integrations.busy_times TO oo_api;
