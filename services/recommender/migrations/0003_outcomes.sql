-- What became of each decision, and what it earned: beside the log of what people did, what was made of it.
ALTER TABLE recommender.tips ADD COLUMN closed_at timestamptz;
CREATE INDEX tips_unclosed ON recommender.tips ((coalesce(shown_at, created_at))) WHERE closed_at IS NULL;
CREATE INDEX tips_item ON recommender.tips (person_id, source, external_id, created_at);
COMMENT ON COLUMN recommender.tips.closed_at IS 'personal: when its day was found to be over: since it was shown, or decided on where it never was';

ALTER TABLE recommender.reactions ADD COLUMN telling_at timestamptz, ADD COLUMN told_at timestamptz;
COMMENT ON COLUMN recommender.reactions.telling_at IS 'personal: when oO began to tell the provider of it';
COMMENT ON COLUMN recommender.reactions.told_at IS 'personal: by when the provider had been told';

CREATE TABLE recommender.outcomes (
  decision_id uuid PRIMARY KEY REFERENCES recommender.decisions (id) ON DELETE CASCADE,
  outcome text NOT NULL,
  reaction_id uuid,
  closed boolean NOT NULL,
  told integer NOT NULL,
  reward_id text,
  earned_from text,
  reward double precision,
  part text,
  CHECK ((reward_id IS NULL) = (earned_from IS NULL))
);
INSERT INTO recommender.outcomes (decision_id, outcome, reaction_id, closed, told, reward_id, earned_from)
SELECT t.decision_id, 'reacted', r.id, false, 1, r.id::text, r.id::text
  FROM recommender.reactions r JOIN recommender.tips t ON t.id = r.tip_id
 WHERE r.undone_at IS NULL AND r.replaced_by IS NULL AND r.reaction <> 'already_done';
COMMENT ON TABLE recommender.outcomes IS 'personal: what became of each decision that had a tip, and what it earned; as long as the decision';
COMMENT ON COLUMN recommender.outcomes.decision_id IS 'plain: the decision';
COMMENT ON COLUMN recommender.outcomes.outcome IS 'personal: not_shown, waiting, reacted, completed, no_reaction or paused';
COMMENT ON COLUMN recommender.outcomes.reaction_id IS 'plain: the reaction that counts';
COMMENT ON COLUMN recommender.outcomes.closed IS 'personal: whether the day after it was shown is over';
COMMENT ON COLUMN recommender.outcomes.told IS 'plain: how many rewards of it were told';
COMMENT ON COLUMN recommender.outcomes.reward_id IS 'plain: the reward that stands';
COMMENT ON COLUMN recommender.outcomes.earned_from IS 'personal: what it was earned from: a reaction''s id, completed or default';
COMMENT ON COLUMN recommender.outcomes.reward IS 'personal: what it is worth';
COMMENT ON COLUMN recommender.outcomes.part IS 'personal: what it teaches: all, timing or choice';

CREATE TABLE recommender.completions (
  decision_id uuid NOT NULL REFERENCES recommender.decisions (id) ON DELETE CASCADE,
  at timestamptz NOT NULL,
  exact boolean NOT NULL,
  PRIMARY KEY (decision_id, at)
);
COMMENT ON TABLE recommender.completions IS 'personal: when the item of a decision was completed at its provider; as long as the decision';
COMMENT ON COLUMN recommender.completions.decision_id IS 'plain: the decision that had a tip for it';
COMMENT ON COLUMN recommender.completions.at IS 'personal: when it was completed';
COMMENT ON COLUMN recommender.completions.exact IS 'plain: whether the provider said when; else it is when oO heard of it';

GRANT SELECT, INSERT, UPDATE, DELETE ON recommender.outcomes, recommender.completions TO oo_api;
