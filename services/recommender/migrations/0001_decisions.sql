-- The decision log, the one current answer of each person, the tips it showed and what people did with them.
CREATE TABLE recommender.decisions (
  id uuid PRIMARY KEY,
  person_id uuid NOT NULL,
  at timestamptz NOT NULL,
  trigger text NOT NULL,
  policy text NOT NULL,
  policy_version text NOT NULL,
  chosen text,
  silence text,
  candidates text[] NOT NULL,
  ineligible jsonb NOT NULL,
  probabilities bytea NOT NULL,
  scores bytea NOT NULL,
  feature_names text[] NOT NULL,
  features bytea NOT NULL,
  shadows jsonb NOT NULL,
  latency_ms real NOT NULL,
  CHECK ((chosen IS NULL) = (silence IS NOT NULL))
);
CREATE INDEX decisions_at ON recommender.decisions (at);
CREATE INDEX decisions_person ON recommender.decisions (person_id, at DESC);
COMMENT ON TABLE recommender.decisions IS 'personal: every run of the policy, as ids and numbers; 30 days';
COMMENT ON COLUMN recommender.decisions.id IS 'plain: the decision''s own id';
COMMENT ON COLUMN recommender.decisions.person_id IS 'personal: for whom';
COMMENT ON COLUMN recommender.decisions.at IS 'personal: when';
COMMENT ON COLUMN recommender.decisions.trigger IS 'plain: what asked for it';
COMMENT ON COLUMN recommender.decisions.policy IS 'plain: which policy chose';
COMMENT ON COLUMN recommender.decisions.policy_version IS 'plain: its version';
COMMENT ON COLUMN recommender.decisions.chosen IS 'personal: source and id of what was chosen';
COMMENT ON COLUMN recommender.decisions.silence IS 'personal: why nothing was shown';
COMMENT ON COLUMN recommender.decisions.candidates IS 'personal: source and id of each eligible candidate';
COMMENT ON COLUMN recommender.decisions.ineligible IS 'personal: source and id of the others, with the reason';
COMMENT ON COLUMN recommender.decisions.probabilities IS 'personal: float32 each, as drawn from';
COMMENT ON COLUMN recommender.decisions.scores IS 'personal: float32 each';
COMMENT ON COLUMN recommender.decisions.feature_names IS 'plain: the columns of features';
COMMENT ON COLUMN recommender.decisions.features IS 'personal: float32, candidate by candidate';
COMMENT ON COLUMN recommender.decisions.shadows IS 'personal: what the watching policies would have chosen';
COMMENT ON COLUMN recommender.decisions.latency_ms IS 'plain: how long it took';

CREATE TABLE recommender.tips (
  id uuid PRIMARY KEY,
  decision_id uuid NOT NULL UNIQUE REFERENCES recommender.decisions (id) ON DELETE CASCADE,
  person_id uuid NOT NULL,
  source text NOT NULL,
  external_id text NOT NULL,
  kind text NOT NULL,
  sealed bytea,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  shown_at timestamptz,
  ended_at timestamptz,
  end_reason text,
  CHECK ((ended_at IS NULL) = (end_reason IS NULL)),
  CHECK (ended_at IS NULL OR sealed IS NULL)
);
CREATE INDEX tips_person ON recommender.tips (person_id, created_at DESC);
CREATE INDEX tips_open ON recommender.tips (expires_at) WHERE ended_at IS NULL;
COMMENT ON TABLE recommender.tips IS 'personal: what was shown; 30 days';
COMMENT ON COLUMN recommender.tips.id IS 'plain: the tip''s own id';
COMMENT ON COLUMN recommender.tips.decision_id IS 'plain: the decision that chose it';
COMMENT ON COLUMN recommender.tips.person_id IS 'personal: for whom';
COMMENT ON COLUMN recommender.tips.source IS 'personal: which connector it came from';
COMMENT ON COLUMN recommender.tips.external_id IS 'personal: its id at the provider';
COMMENT ON COLUMN recommender.tips.kind IS 'plain: todo, advice or ambient';
COMMENT ON COLUMN recommender.tips.sealed IS 'personal: its text, sealed with the person''s key; gone when the tip ends, at most 24 hours';
COMMENT ON COLUMN recommender.tips.created_at IS 'personal: when it was chosen';
COMMENT ON COLUMN recommender.tips.expires_at IS 'plain: when it is stale';
COMMENT ON COLUMN recommender.tips.shown_at IS 'personal: when it was on screen';
COMMENT ON COLUMN recommender.tips.ended_at IS 'personal: when it ended';
COMMENT ON COLUMN recommender.tips.end_reason IS 'personal: the reaction, or why it was withdrawn';

CREATE TABLE recommender.current (
  person_id uuid PRIMARY KEY,
  decision_id uuid NOT NULL REFERENCES recommender.decisions (id) ON DELETE CASCADE,
  tip_id uuid REFERENCES recommender.tips (id) ON DELETE CASCADE,
  silence text,
  until timestamptz,
  CHECK ((tip_id IS NULL) = (silence IS NOT NULL))
);
COMMENT ON TABLE recommender.current IS 'personal: the one answer of the moment, tip or silence';
COMMENT ON COLUMN recommender.current.person_id IS 'personal: whose';
COMMENT ON COLUMN recommender.current.decision_id IS 'plain: the decision behind it';
COMMENT ON COLUMN recommender.current.tip_id IS 'plain: the tip, unless silent';
COMMENT ON COLUMN recommender.current.silence IS 'personal: why silent';
COMMENT ON COLUMN recommender.current.until IS 'plain: when oO decides again by itself';

CREATE TABLE recommender.items (
  person_id uuid NOT NULL,
  source text NOT NULL,
  external_id text NOT NULL,
  times_shown integer NOT NULL DEFAULT 0,
  last_shown_at timestamptz,
  rest_until timestamptz,
  rest_reason text,
  PRIMARY KEY (person_id, source, external_id)
);
COMMENT ON TABLE recommender.items IS 'personal: how often an item was shown and until when it rests; 30 days after both';
COMMENT ON COLUMN recommender.items.person_id IS 'personal: whose';
COMMENT ON COLUMN recommender.items.source IS 'personal: which connector';
COMMENT ON COLUMN recommender.items.external_id IS 'personal: its id at the provider';
COMMENT ON COLUMN recommender.items.times_shown IS 'personal: how often it was on screen';
COMMENT ON COLUMN recommender.items.last_shown_at IS 'personal: when last';
COMMENT ON COLUMN recommender.items.rest_until IS 'personal: not before; infinity for never';
COMMENT ON COLUMN recommender.items.rest_reason IS 'personal: the reaction that made it rest';

CREATE TABLE recommender.reactions (
  id uuid PRIMARY KEY,
  person_id uuid NOT NULL,
  tip_id uuid NOT NULL REFERENCES recommender.tips (id) ON DELETE CASCADE,
  reaction text NOT NULL,
  at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL,
  snooze_until timestamptz,
  state text NOT NULL,
  replaced_by uuid,
  undone_at timestamptz
);
CREATE INDEX reactions_person ON recommender.reactions (person_id, recorded_at DESC);
-- One live reaction a tip: a double tap, a retry or a second device cannot count twice.
CREATE UNIQUE INDEX reactions_live ON recommender.reactions (tip_id) WHERE undone_at IS NULL AND replaced_by IS NULL;
COMMENT ON TABLE recommender.reactions IS 'personal: what the person did with a tip; 30 days';
COMMENT ON COLUMN recommender.reactions.id IS 'plain: the reaction''s own id';
COMMENT ON COLUMN recommender.reactions.person_id IS 'personal: who';
COMMENT ON COLUMN recommender.reactions.tip_id IS 'plain: to which tip';
COMMENT ON COLUMN recommender.reactions.reaction IS 'personal: what they did';
COMMENT ON COLUMN recommender.reactions.at IS 'personal: when they did it, by their device';
COMMENT ON COLUMN recommender.reactions.recorded_at IS 'personal: when it was recorded';
COMMENT ON COLUMN recommender.reactions.snooze_until IS 'personal: until when it was put off';
COMMENT ON COLUMN recommender.reactions.state IS 'plain: how far the provider has been told';
COMMENT ON COLUMN recommender.reactions.replaced_by IS 'plain: the later reaction to the same tip';
COMMENT ON COLUMN recommender.reactions.undone_at IS 'personal: when it was taken back';

GRANT USAGE ON SCHEMA recommender TO oo_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA recommender TO oo_api;
