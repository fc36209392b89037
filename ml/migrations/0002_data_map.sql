-- The data map: each table and column says what it holds. `personal:` belongs to a person (exported, erased),
-- `plain:` does not. ml/state/test_schema.py fails on a column that says neither.

COMMENT ON TABLE ml.posteriors IS 'personal: what each policy has learned about a person';
COMMENT ON COLUMN ml.posteriors.person_id IS 'personal: whose it is';
COMMENT ON COLUMN ml.posteriors.policy IS 'plain: the name of the policy';
COMMENT ON COLUMN ml.posteriors.version IS 'plain: the version of the policy that wrote it';
COMMENT ON COLUMN ml.posteriors.bytes IS 'personal: the learned state, numbers only';
COMMENT ON COLUMN ml.posteriors.checksum IS 'personal: BLAKE2b-128 of person, policy, version and bytes';
COMMENT ON COLUMN ml.posteriors.updated_at IS 'personal: when it last learned';

COMMENT ON TABLE ml.applied_events IS 'personal: reward events that are in the learned state';
COMMENT ON COLUMN ml.applied_events.event_id IS 'personal: the event';
COMMENT ON COLUMN ml.applied_events.person_id IS 'personal: whose it is';
COMMENT ON COLUMN ml.applied_events.decision_id IS 'personal: the decision that earned the reward';
COMMENT ON COLUMN ml.applied_events.part IS 'plain: what it teaches: all, timing or choice';
COMMENT ON COLUMN ml.applied_events.reward IS 'personal: the reward; null where the event undoes another';
COMMENT ON COLUMN ml.applied_events.x IS 'personal: the chosen candidate''s feature values, float64, no text';
COMMENT ON COLUMN ml.applied_events.t_days IS 'personal: when it was earned, in days since 1970';
COMMENT ON COLUMN ml.applied_events.in_state IS 'plain: whether the learned state contains it now';
COMMENT ON COLUMN ml.applied_events.replaced_by IS 'personal: the event that took its place';
COMMENT ON COLUMN ml.applied_events.applied_at IS 'personal: when it was applied';

COMMENT ON TABLE ml.erased IS 'plain: a keyless hash of each erased id, so that late events teach nothing';
COMMENT ON COLUMN ml.erased.person_hash IS 'plain: SHA-256 of the random person id';
COMMENT ON COLUMN ml.erased.erased_at IS 'plain: when';
