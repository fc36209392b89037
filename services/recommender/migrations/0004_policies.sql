-- Where each policy stands on the ladder of promotion, and every step with its figures: only ever added to.
CREATE TABLE recommender.policies (
  name text PRIMARY KEY CHECK (name ~ '^[a-z0-9_]{1,40}$'),
  state text NOT NULL CHECK (state IN
    ('shadow', 'simulated', 'replayed', 'shadowing', 'canary_5', 'canary_20', 'launched', 'rolled_back')),
  since timestamptz NOT NULL,
  experiment uuid NOT NULL,
  took_over_from text
);
-- Two trials at once would be each other's noise, and two incumbents nobody's answer.
CREATE UNIQUE INDEX policies_one_on_trial ON recommender.policies ((true)) WHERE state IN ('canary_5', 'canary_20');
CREATE UNIQUE INDEX policies_one_launched ON recommender.policies ((true)) WHERE state = 'launched';
COMMENT ON TABLE recommender.policies IS 'plain: where each policy stands on the ladder of promotion';
COMMENT ON COLUMN recommender.policies.name IS 'plain: as ml calls it';
COMMENT ON COLUMN recommender.policies.state IS 'plain: its rung';
COMMENT ON COLUMN recommender.policies.since IS 'plain: since when';
COMMENT ON COLUMN recommender.policies.experiment IS 'plain: decides which people have it while it is tried; another one for every climb';
COMMENT ON COLUMN recommender.policies.took_over_from IS 'plain: who was launched before it, and is again when it is rolled back';

CREATE TABLE recommender.policy_steps (
  id uuid PRIMARY KEY,
  policy text NOT NULL,
  version text NOT NULL,
  from_state text NOT NULL,
  to_state text NOT NULL,
  at timestamptz NOT NULL,
  by text NOT NULL,
  override text,
  reasons text[] NOT NULL,
  figures jsonb NOT NULL
);
CREATE INDEX policy_steps_at ON recommender.policy_steps (policy, at);
COMMENT ON TABLE recommender.policy_steps IS 'plain: every step a policy took, only ever added to; kept for good';
COMMENT ON COLUMN recommender.policy_steps.id IS 'plain: its own id';
COMMENT ON COLUMN recommender.policy_steps.policy IS 'plain: which policy';
COMMENT ON COLUMN recommender.policy_steps.version IS 'plain: the version that the figures speak of; empty where there were none';
COMMENT ON COLUMN recommender.policy_steps.from_state IS 'plain: its rung before';
COMMENT ON COLUMN recommender.policy_steps.to_state IS 'plain: its rung after';
COMMENT ON COLUMN recommender.policy_steps.at IS 'plain: when';
COMMENT ON COLUMN recommender.policy_steps.by IS 'plain: operator, admin, or oO where the figures demanded it';
COMMENT ON COLUMN recommender.policy_steps.override IS 'plain: why an operator opened a gate that the figures had not';
COMMENT ON COLUMN recommender.policy_steps.reasons IS 'plain: what was found, in sentences';
COMMENT ON COLUMN recommender.policy_steps.figures IS 'plain: the figures it was judged by';

-- Which alarms were told already, so that each is an event once and not every hour.
CREATE TABLE recommender.policy_alarms (
  kind text NOT NULL,
  subject text NOT NULL,
  since timestamptz NOT NULL,
  seen timestamptz NOT NULL,
  about text NOT NULL,
  PRIMARY KEY (kind, subject)
);
COMMENT ON TABLE recommender.policy_alarms IS 'plain: what the judge of the log warns of now; gone when it no longer does';
COMMENT ON COLUMN recommender.policy_alarms.kind IS 'plain: features, predictions, rewards, propensities, collapse or sample_ratio';
COMMENT ON COLUMN recommender.policy_alarms.subject IS 'plain: the policy or column it is about';
COMMENT ON COLUMN recommender.policy_alarms.since IS 'plain: since when';
COMMENT ON COLUMN recommender.policy_alarms.seen IS 'plain: in the figures of which moment it was last';
COMMENT ON COLUMN recommender.policy_alarms.about IS 'plain: one sentence with its figures';

ALTER TABLE recommender.decisions
  ADD COLUMN experiment uuid,
  ADD COLUMN arm text CHECK (arm IN ('new', 'usual')),
  ADD CONSTRAINT decisions_arm CHECK ((experiment IS NULL) = (arm IS NULL));
COMMENT ON COLUMN recommender.decisions.experiment IS 'plain: the trial of a policy that ran then';
COMMENT ON COLUMN recommender.decisions.arm IS 'personal: whether this person was among those with the new policy';

GRANT SELECT, INSERT, UPDATE ON recommender.policies TO oo_api;
-- No UPDATE and no DELETE: a step once taken is history.
GRANT SELECT, INSERT ON recommender.policy_steps TO oo_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON recommender.policy_alarms TO oo_api;

-- What the judge in ml reads: numbers, and no ids of a provider's items.
CREATE SCHEMA IF NOT EXISTS analytics;
GRANT USAGE ON SCHEMA analytics TO oo_ml;

CREATE VIEW analytics.ml_policies AS
  SELECT name, state, since, experiment FROM recommender.policies;

CREATE VIEW analytics.ml_decisions AS
  SELECT d.id, d.person_id, d.at, d.trigger, d.policy, d.policy_version, d.experiment, d.arm,
         array_position(d.candidates, d.chosen) - 1 AS chosen, d.probabilities, d.scores, d.feature_names,
         d.features, d.latency_ms, t.kind,
         (SELECT jsonb_agg(s - 'chosen') FROM jsonb_array_elements(d.shadows) AS s) AS shadows
    FROM recommender.decisions d LEFT JOIN recommender.tips t ON t.decision_id = d.id;

CREATE VIEW analytics.ml_rewards AS
  SELECT o.decision_id, d.person_id, d.at, o.outcome, o.closed, o.reward, o.part, r.reaction
    FROM recommender.outcomes o
    JOIN recommender.decisions d ON d.id = o.decision_id
    LEFT JOIN recommender.reactions r ON r.id = o.reaction_id;

-- A consent taken back, or oO paused: what a person says when a policy gets on their nerves.
CREATE VIEW analytics.ml_opt_outs AS
  SELECT person_id, since AS at FROM profile.pauses
  UNION ALL
  SELECT person_id, at FROM (
    SELECT person_id, at, granted, lag(granted) OVER (PARTITION BY person_id, purpose ORDER BY seq) AS before
      FROM profile.consents) AS answers
   WHERE before AND NOT granted;

GRANT SELECT ON analytics.ml_policies, analytics.ml_decisions, analytics.ml_rewards, analytics.ml_opt_outs TO oo_ml;
