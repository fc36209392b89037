-- The durable event log is the outbox: a verb writes its rows and its event in one transaction.
CREATE TABLE events.log (
  seq bigint GENERATED ALWAYS AS IDENTITY,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  id uuid NOT NULL,
  subject text NOT NULL,
  person_id uuid,
  at timestamptz NOT NULL,
  envelope bytea NOT NULL,
  PRIMARY KEY (xid, seq)
);
CREATE UNIQUE INDEX log_id ON events.log (id);
CREATE INDEX log_person ON events.log (person_id) WHERE person_id IS NOT NULL;
COMMENT ON TABLE events.log IS 'personal: what happened, as ids and numbers; erased with the person';
COMMENT ON COLUMN events.log.seq IS 'plain: order within a transaction';
COMMENT ON COLUMN events.log.xid IS 'plain: the transaction that wrote it; readers stay below the oldest running one';
COMMENT ON COLUMN events.log.id IS 'plain: the event''s own id';
COMMENT ON COLUMN events.log.subject IS 'plain: the kind of event';
COMMENT ON COLUMN events.log.person_id IS 'personal: whom it concerns';
COMMENT ON COLUMN events.log.at IS 'personal: when it happened';
COMMENT ON COLUMN events.log.envelope IS 'personal: the protobuf message, ids and numbers only';

CREATE TABLE events.places (
  subscriber text PRIMARY KEY,
  xid xid8 NOT NULL,
  seq bigint NOT NULL
);
COMMENT ON TABLE events.places IS 'plain: how far each subscriber has read';
COMMENT ON COLUMN events.places.subscriber IS 'plain: the subscriber''s name';
COMMENT ON COLUMN events.places.xid IS 'plain: transaction of the last event applied';
COMMENT ON COLUMN events.places.seq IS 'plain: its number within the log';

CREATE TABLE events.dead (
  subscriber text NOT NULL,
  event_id uuid NOT NULL,
  person_id uuid,
  reason text NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (subscriber, event_id)
);
COMMENT ON TABLE events.dead IS 'personal: events a subscriber could not apply, until someone looked';
COMMENT ON COLUMN events.dead.subscriber IS 'plain: who could not apply it';
COMMENT ON COLUMN events.dead.event_id IS 'plain: which event';
COMMENT ON COLUMN events.dead.person_id IS 'personal: whom it concerns';
COMMENT ON COLUMN events.dead.reason IS 'plain: the error''s sentence';
COMMENT ON COLUMN events.dead.at IS 'plain: when it was given up';

GRANT USAGE ON SCHEMA events TO oo_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA events TO oo_api;
