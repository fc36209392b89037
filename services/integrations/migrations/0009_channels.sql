-- Channels by which a provider tells that something changed. They end by themselves after some days and are renewed before.
CREATE TABLE integrations.channels (
  id uuid PRIMARY KEY,
  holder_id uuid NOT NULL,
  resource text,
  renew_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX channels_holder ON integrations.channels (holder_id);
CREATE INDEX channels_expires_at ON integrations.channels (expires_at);
COMMENT ON TABLE integrations.channels IS 'personal: the channels that tell of changes in a connected calendar, until they are closed or their time is over';
COMMENT ON COLUMN integrations.channels.id IS 'plain: the channel''s own id, which its deliveries name';
COMMENT ON COLUMN integrations.channels.holder_id IS 'plain: the grant it was opened with, or the revocation that this grant became, which closes it';
COMMENT ON COLUMN integrations.channels.resource IS 'personal: the provider''s own name for what is watched, by which it is closed; empty while it is not known to be open';
COMMENT ON COLUMN integrations.channels.renew_at IS 'plain: when another one is opened in its place, or tried again';
COMMENT ON COLUMN integrations.channels.expires_at IS 'plain: when it falls silent by itself';

GRANT SELECT, INSERT, UPDATE, DELETE ON integrations.channels TO oo_api;
