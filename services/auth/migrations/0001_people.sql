-- Who may sign in, where they are signed in, and the key that seals what oO computes about them.
CREATE TABLE auth.people (
  id uuid PRIMARY KEY,
  role text NOT NULL DEFAULT 'person' CHECK (role IN ('person', 'admin')),
  created_at timestamptz NOT NULL,
  erasing_since timestamptz,
  erasing_receipt bytea
);
CREATE INDEX people_erasing ON auth.people (erasing_since) WHERE erasing_since IS NOT NULL;
COMMENT ON TABLE auth.people IS 'personal: one row for each person, until they delete their account';
COMMENT ON COLUMN auth.people.id IS 'personal: the number every module knows the person by; until the account is deleted';
COMMENT ON COLUMN auth.people.role IS 'personal: person or admin; until the account is deleted';
COMMENT ON COLUMN auth.people.created_at IS 'personal: when they first signed in; until the account is deleted';
COMMENT ON COLUMN auth.people.erasing_since IS 'personal: when they asked to be deleted; until that is done, within a minute';
COMMENT ON COLUMN auth.people.erasing_receipt IS 'personal: sha256 of their receipt''s id, so that a deletion that was interrupted finds it; until that is done';

CREATE TABLE auth.identities (
  subject_hash bytea PRIMARY KEY,
  issuer text NOT NULL,
  person_id uuid NOT NULL REFERENCES auth.people ON DELETE CASCADE,
  created_at timestamptz NOT NULL
);
CREATE INDEX identities_person ON auth.identities (person_id);
COMMENT ON TABLE auth.identities IS 'personal: by which provider a person signs in; until the account is deleted';
COMMENT ON COLUMN auth.identities.subject_hash IS 'personal: sha256 of the provider''s address and its number for the person; until the account is deleted';
COMMENT ON COLUMN auth.identities.issuer IS 'personal: the provider''s address; until the account is deleted';
COMMENT ON COLUMN auth.identities.person_id IS 'personal: whose it is; until the account is deleted';
COMMENT ON COLUMN auth.identities.created_at IS 'personal: when it was first used; until the account is deleted';

CREATE TABLE auth.sessions (
  id uuid PRIMARY KEY,
  token_hash bytea NOT NULL UNIQUE,
  person_id uuid REFERENCES auth.people ON DELETE CASCADE,
  device text NOT NULL,
  created_at timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL
);
CREATE INDEX sessions_person ON auth.sessions (person_id);
CREATE INDEX sessions_expiry ON auth.sessions (expires_at);
COMMENT ON TABLE auth.sessions IS 'personal: where a person is signed in; until they sign out or it expires, then removed at a later sign-in';
COMMENT ON COLUMN auth.sessions.id IS 'personal: the session''s number; as long as the session';
COMMENT ON COLUMN auth.sessions.token_hash IS 'personal: sha256 of the cookie; as long as the session';
COMMENT ON COLUMN auth.sessions.person_id IS 'personal: whose it is; null for an admin who signed in by token; as long as the session';
COMMENT ON COLUMN auth.sessions.device IS 'personal: browser and system in two words; as long as the session';
COMMENT ON COLUMN auth.sessions.created_at IS 'personal: when they signed in; as long as the session';
COMMENT ON COLUMN auth.sessions.last_seen_at IS 'personal: when it was last used, to five minutes; as long as the session';
COMMENT ON COLUMN auth.sessions.expires_at IS 'personal: when it ends unless it is used; 30 idle days, never past ends_at';
COMMENT ON COLUMN auth.sessions.ends_at IS 'personal: when it ends in any case; 180 days, 24 hours by token';

CREATE TABLE auth.person_keys (
  person_id uuid PRIMARY KEY REFERENCES auth.people ON DELETE CASCADE,
  kek_id text NOT NULL,
  wrapped bytea NOT NULL,
  created_at timestamptz NOT NULL
);
COMMENT ON TABLE auth.person_keys IS 'personal: the key that seals a person''s words; destroyed with the account, and with it every copy becomes unreadable';
COMMENT ON COLUMN auth.person_keys.person_id IS 'personal: whose it is; until the account is deleted';
COMMENT ON COLUMN auth.person_keys.kek_id IS 'plain: the master key that wraps it; until the account is deleted';
COMMENT ON COLUMN auth.person_keys.wrapped IS 'personal: the wrapped key; until the account is deleted';
COMMENT ON COLUMN auth.person_keys.created_at IS 'personal: when it was made; until the account is deleted';

CREATE TABLE auth.admin_seed (
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  seeded_at timestamptz NOT NULL
);
COMMENT ON TABLE auth.admin_seed IS 'plain: that the first admin has been named; stays, so that it happens once';
COMMENT ON COLUMN auth.admin_seed.single IS 'plain: there is at most one row; stays';
COMMENT ON COLUMN auth.admin_seed.seeded_at IS 'plain: when; stays';

CREATE TABLE auth.receipts (
  id_hash bytea PRIMARY KEY,
  requested_at timestamptz NOT NULL,
  finished_at timestamptz
);
CREATE INDEX receipts_requested ON auth.receipts (requested_at);
COMMENT ON TABLE auth.receipts IS 'plain: how far a deletion has come, without whose it was; stays one year';
COMMENT ON COLUMN auth.receipts.id_hash IS 'plain: sha256 of the number that only the person was given; stays one year';
COMMENT ON COLUMN auth.receipts.requested_at IS 'plain: when the deletion was asked for; stays one year';
COMMENT ON COLUMN auth.receipts.finished_at IS 'plain: when everything was gone; stays one year';

CREATE TABLE auth.receipt_steps (
  receipt_hash bytea NOT NULL REFERENCES auth.receipts ON DELETE CASCADE,
  position integer NOT NULL,
  name text NOT NULL,
  done boolean NOT NULL DEFAULT false,
  rows integer NOT NULL DEFAULT 0,
  note text,
  PRIMARY KEY (receipt_hash, position)
);
COMMENT ON TABLE auth.receipt_steps IS 'plain: one part of a deletion; stays one year';
COMMENT ON COLUMN auth.receipt_steps.receipt_hash IS 'plain: the receipt it belongs to; stays one year';
COMMENT ON COLUMN auth.receipt_steps.position IS 'plain: its place in the order; stays one year';
COMMENT ON COLUMN auth.receipt_steps.name IS 'plain: the module that removed its rows; stays one year';
COMMENT ON COLUMN auth.receipt_steps.done IS 'plain: whether it is done; stays one year';
COMMENT ON COLUMN auth.receipt_steps.rows IS 'plain: how many rows it removed; stays one year';
COMMENT ON COLUMN auth.receipt_steps.note IS 'plain: a sentence of the module, the same for everyone; stays one year';

GRANT USAGE ON SCHEMA auth TO oo_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA auth TO oo_api;
