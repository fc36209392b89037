-- Looks take their turn by a time that is kept here, so that any process may take the next one, and ask only for changes.
ALTER TABLE integrations.grants
  ADD COLUMN look_at timestamptz,
  ADD COLUMN look_failures integer NOT NULL DEFAULT 0,
  ADD COLUMN ask_not_before timestamptz,
  ADD COLUMN changes_mark text,
  ADD COLUMN read_whole_at timestamptz;
DROP INDEX integrations.grants_looked_at;
CREATE INDEX grants_look_at ON integrations.grants (look_at NULLS FIRST) WHERE state = 'connected';
COMMENT ON COLUMN integrations.grants.look_at IS 'plain: when it is looked at next; a look under way moves it by a minute, so that a killed one is repeated';
COMMENT ON COLUMN integrations.grants.look_failures IS 'plain: looks that failed in a row, each waits longer than the one before';
COMMENT ON COLUMN integrations.grants.ask_not_before IS 'plain: until when the provider wants no more requests for this account';
COMMENT ON COLUMN integrations.grants.changes_mark IS 'personal: the provider''s own mark of how far its changes were read; holds no words';
COMMENT ON COLUMN integrations.grants.read_whole_at IS 'plain: when all that is open was last listed, and not only what changed';

ALTER TABLE integrations.open_items
  ADD COLUMN next_due text,
  ADD COLUMN told_until timestamptz;
COMMENT ON COLUMN integrations.open_items.next_due IS 'personal: the date a recurring task waits for; when it changes, an occurrence may be done';
COMMENT ON COLUMN integrations.open_items.told_until IS 'personal: until when the completed occurrences of a recurring task are known';

-- What a person did before oO came, as numbers: context for what is told them, without propensities, never learned from.
CREATE TABLE integrations.past (
  person_id uuid NOT NULL,
  provider text NOT NULL,
  weekday smallint NOT NULL CHECK (weekday BETWEEN 1 AND 7),
  hour smallint NOT NULL CHECK (hour BETWEEN 0 AND 23),
  priority smallint NOT NULL CHECK (priority BETWEEN 0 AND 4),
  effort smallint NOT NULL CHECK (effort BETWEEN 0 AND 3),
  recurring boolean NOT NULL,
  times integer NOT NULL,
  PRIMARY KEY (person_id, provider, weekday, hour, priority, effort, recurring)
);
COMMENT ON TABLE integrations.past IS 'personal: how often tasks were completed in the 90 days before the connection; until disconnected or the consent is withdrawn';
COMMENT ON COLUMN integrations.past.person_id IS 'personal: whose';
COMMENT ON COLUMN integrations.past.provider IS 'personal: the connected source';
COMMENT ON COLUMN integrations.past.weekday IS 'personal: day of the week by the person''s clock, 1 is Monday';
COMMENT ON COLUMN integrations.past.hour IS 'personal: hour of the day by the person''s clock';
COMMENT ON COLUMN integrations.past.priority IS 'personal: 1 to 4, 0 where it is not told';
COMMENT ON COLUMN integrations.past.effort IS 'personal: 1 up to a quarter of an hour, 2 up to an hour, 3 more, 0 where it is not told';
COMMENT ON COLUMN integrations.past.recurring IS 'personal: whether it was an occurrence of a recurring task';
COMMENT ON COLUMN integrations.past.times IS 'personal: how many were completed';

CREATE TABLE integrations.past_reads (
  grant_id uuid PRIMARY KEY REFERENCES integrations.grants (id) ON DELETE CASCADE,
  until timestamptz NOT NULL,
  place text,
  pages integer NOT NULL DEFAULT 0,
  is_over boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE integrations.past_reads IS 'plain: how far the reading of the past has come, so that it goes on where it was interrupted; gone with the grant';
COMMENT ON COLUMN integrations.past_reads.grant_id IS 'plain: the grant that it is read with';
COMMENT ON COLUMN integrations.past_reads.until IS 'plain: the past ends with the connection';
COMMENT ON COLUMN integrations.past_reads.place IS 'plain: the provider''s own mark of the next page';
COMMENT ON COLUMN integrations.past_reads.pages IS 'plain: pages read';
COMMENT ON COLUMN integrations.past_reads.is_over IS 'plain: all is read, or as much as is read at most';

GRANT SELECT, INSERT, UPDATE, DELETE ON integrations.past, integrations.past_reads TO oo_api;
