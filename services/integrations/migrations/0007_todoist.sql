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
