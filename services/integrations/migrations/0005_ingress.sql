-- Sources of a person's own, which tell signals, signed. Neither what they said nor a secret in the clear is here.
CREATE TABLE integrations.ingress_sources (
  id text PRIMARY KEY,
  person_id uuid NOT NULL,
  types text[] NOT NULL,
  kek_id text NOT NULL,
  wrapped_key bytea NOT NULL,
  tokens bytea NOT NULL,
  created_at timestamptz NOT NULL,
  last_delivery_at timestamptz,
  deliveries bigint NOT NULL DEFAULT 0,
  signals bigint NOT NULL DEFAULT 0
);
CREATE INDEX ingress_sources_person ON integrations.ingress_sources (person_id);
COMMENT ON TABLE integrations.ingress_sources IS 'personal: the sources that a person made to tell oO signals, until they are deleted';
COMMENT ON COLUMN integrations.ingress_sources.id IS 'personal: its address, 128 random bits; no secret';
COMMENT ON COLUMN integrations.ingress_sources.person_id IS 'personal: whose source';
COMMENT ON COLUMN integrations.ingress_sources.types IS 'personal: the types of signals it may send';
COMMENT ON COLUMN integrations.ingress_sources.kek_id IS 'plain: the master key that wraps the data key';
COMMENT ON COLUMN integrations.ingress_sources.wrapped_key IS 'plain: the data key, wrapped';
COMMENT ON COLUMN integrations.ingress_sources.tokens IS 'personal: its name, its secret, and the secret before that one for a day, sealed for person and row';
COMMENT ON COLUMN integrations.ingress_sources.created_at IS 'personal: when it was made';
COMMENT ON COLUMN integrations.ingress_sources.last_delivery_at IS 'personal: when a delivery was last taken';
COMMENT ON COLUMN integrations.ingress_sources.deliveries IS 'personal: how many deliveries were taken';
COMMENT ON COLUMN integrations.ingress_sources.signals IS 'personal: how many signals were taken';

CREATE TABLE integrations.ingress_deliveries (
  source_id text NOT NULL REFERENCES integrations.ingress_sources ON DELETE CASCADE,
  id text NOT NULL,
  received_at timestamptz NOT NULL,
  accepted integer NOT NULL,
  refused jsonb NOT NULL,
  problem text,
  PRIMARY KEY (source_id, id)
);
CREATE INDEX ingress_deliveries_received_at ON integrations.ingress_deliveries (source_id, received_at DESC);
COMMENT ON TABLE integrations.ingress_deliveries IS 'personal: what became of signed deliveries, all for an hour, so that a repeated one is known, the last 20 of each source for 30 days; no bodies';
COMMENT ON COLUMN integrations.ingress_deliveries.source_id IS 'personal: the source that sent it';
COMMENT ON COLUMN integrations.ingress_deliveries.id IS 'personal: its id, as the sender chose it';
COMMENT ON COLUMN integrations.ingress_deliveries.received_at IS 'personal: when it came';
COMMENT ON COLUMN integrations.ingress_deliveries.accepted IS 'personal: how many signals were taken';
COMMENT ON COLUMN integrations.ingress_deliveries.refused IS 'personal: the types that were left out, and whether the consent or the source does not allow them';
COMMENT ON COLUMN integrations.ingress_deliveries.problem IS 'personal: why all of it was refused: a sentence of oO''s and the place in the body';

GRANT SELECT, INSERT, UPDATE, DELETE ON integrations.ingress_sources, integrations.ingress_deliveries TO oo_api;
