-- What is open at a provider, by id only: two looks compared tell what was completed, whoever said so, in any order.
ALTER TABLE integrations.grants
  ADD COLUMN account_hash bytea,
  ADD COLUMN looks integer NOT NULL DEFAULT 0,
  ADD COLUMN looked_at timestamptz;
CREATE INDEX grants_account ON integrations.grants (provider, account_hash);
CREATE INDEX grants_looked_at ON integrations.grants (looked_at NULLS FIRST);
COMMENT ON COLUMN integrations.grants.account_hash IS 'personal: keyed fingerprint of the account at the provider, by which a webhook finds its person';
COMMENT ON COLUMN integrations.grants.looks IS 'plain: counts comparisons, so that an older look never overwrites a newer one';
COMMENT ON COLUMN integrations.grants.looked_at IS 'plain: when what is open was last compared';

CREATE TABLE integrations.open_items (
  person_id uuid NOT NULL,
  provider text NOT NULL,
  external_id text NOT NULL,
  PRIMARY KEY (person_id, provider, external_id)
);
COMMENT ON TABLE integrations.open_items IS 'personal: ids of the tasks that were open at the last look, until they close or the source is disconnected';
COMMENT ON COLUMN integrations.open_items.person_id IS 'personal: whose task';
COMMENT ON COLUMN integrations.open_items.provider IS 'personal: the connected source';
COMMENT ON COLUMN integrations.open_items.external_id IS 'personal: its id at the provider';

CREATE TABLE integrations.deliveries (
  provider text NOT NULL,
  id text NOT NULL,
  received_at timestamptz NOT NULL,
  PRIMARY KEY (provider, id)
);
CREATE INDEX deliveries_received_at ON integrations.deliveries (received_at);
COMMENT ON TABLE integrations.deliveries IS 'plain: webhooks that were noted, for 3 days, so that a repeated one is known';
COMMENT ON COLUMN integrations.deliveries.provider IS 'plain: who sent it';
COMMENT ON COLUMN integrations.deliveries.id IS 'plain: the delivery''s id at the provider';
COMMENT ON COLUMN integrations.deliveries.received_at IS 'plain: when it was noted';

GRANT SELECT, INSERT, UPDATE, DELETE ON integrations.open_items, integrations.deliveries TO oo_api;
