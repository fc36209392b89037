-- Answers of requests that carried an Idempotency-Key, kept for a day so that a retry is answered the same.
CREATE TABLE gateway.answers (
  owner_id uuid NOT NULL,
  key_hash bytea NOT NULL,
  operation text NOT NULL,
  request_hash bytea NOT NULL,
  begun_at timestamptz NOT NULL,
  holder uuid NOT NULL,
  held_until timestamptz,
  status smallint,
  answer bytea,
  PRIMARY KEY (owner_id, key_hash)
);
CREATE INDEX answers_begun ON gateway.answers (begun_at);
COMMENT ON TABLE gateway.answers IS 'personal: answers to requests that may be sent again; for 24 hours';
COMMENT ON COLUMN gateway.answers.owner_id IS 'personal: the person who asked, or the session of an admin without one; for 24 hours';
COMMENT ON COLUMN gateway.answers.key_hash IS 'plain: a keyed hash of the operation and the key that the client chose';
COMMENT ON COLUMN gateway.answers.operation IS 'personal: what was asked for; for 24 hours';
COMMENT ON COLUMN gateway.answers.request_hash IS 'plain: a keyed hash of method, address and body: another request under the same key is refused';
COMMENT ON COLUMN gateway.answers.begun_at IS 'personal: when it was asked; for 24 hours';
COMMENT ON COLUMN gateway.answers.holder IS 'plain: which attempt may store the answer';
COMMENT ON COLUMN gateway.answers.held_until IS 'plain: until when that attempt counts as alive; empty once it is answered';
COMMENT ON COLUMN gateway.answers.status IS 'plain: the status of the answer; empty while the request runs';
COMMENT ON COLUMN gateway.answers.answer IS 'personal: headers and body, sealed with the person''s key; for 24 hours';

GRANT USAGE ON SCHEMA gateway TO oo_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON gateway.answers TO oo_api;
