-- The vault: what a provider granted, sealed. Nothing that a provider holds is copied here.
CREATE TABLE integrations.grants (
  id uuid PRIMARY KEY,
  person_id uuid NOT NULL,
  provider text NOT NULL,
  state text NOT NULL DEFAULT 'connected' CHECK (state IN ('connected', 'reconnect')),
  version integer NOT NULL DEFAULT 1,
  kek_id text NOT NULL,
  wrapped_key bytea NOT NULL,
  tokens bytea NOT NULL,
  connected_at timestamptz NOT NULL,
  UNIQUE (person_id, provider)
);
COMMENT ON TABLE integrations.grants IS 'personal: one row per connected source, until it is disconnected or the account is deleted';
COMMENT ON COLUMN integrations.grants.id IS 'plain: the grant''s own id';
COMMENT ON COLUMN integrations.grants.person_id IS 'personal: whose grant';
COMMENT ON COLUMN integrations.grants.provider IS 'personal: the connected source';
COMMENT ON COLUMN integrations.grants.state IS 'personal: connected, or reconnect when the provider refuses the grant';
COMMENT ON COLUMN integrations.grants.version IS 'plain: counts refreshes, so that one refresh token is spent once';
COMMENT ON COLUMN integrations.grants.kek_id IS 'plain: the master key that wraps the data key';
COMMENT ON COLUMN integrations.grants.wrapped_key IS 'plain: the data key, wrapped';
COMMENT ON COLUMN integrations.grants.tokens IS 'personal: tokens and account id at the provider, sealed for person, provider and row';
COMMENT ON COLUMN integrations.grants.connected_at IS 'personal: when it was connected';

CREATE TABLE integrations.revocations (
  id uuid PRIMARY KEY,
  provider text NOT NULL,
  kek_id text NOT NULL,
  wrapped_key bytea NOT NULL,
  tokens bytea NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  discard_at timestamptz NOT NULL
);
COMMENT ON TABLE integrations.revocations IS 'personal: grants to hand back to the provider, without the person''s id; gone once handed back, at the latest after 7 days';
COMMENT ON COLUMN integrations.revocations.id IS 'plain: the revocation''s own id';
COMMENT ON COLUMN integrations.revocations.provider IS 'plain: to whom it is handed back';
COMMENT ON COLUMN integrations.revocations.kek_id IS 'plain: the master key that wraps the data key';
COMMENT ON COLUMN integrations.revocations.wrapped_key IS 'plain: the data key, wrapped';
COMMENT ON COLUMN integrations.revocations.tokens IS 'personal: the tokens to revoke, sealed for provider and row';
COMMENT ON COLUMN integrations.revocations.attempts IS 'plain: how often the provider was asked in vain';
COMMENT ON COLUMN integrations.revocations.discard_at IS 'plain: when it is deleted even if the provider never answered';

GRANT USAGE ON SCHEMA integrations TO oo_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA integrations TO oo_api;
