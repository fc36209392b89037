-- A decision that was not the policy's own about this person says so, or the log could not be judged.
ALTER TABLE recommender.decisions ADD COLUMN decided_as text CHECK (decided_as IN ('population', 'holdback'));
COMMENT ON COLUMN recommender.decisions.decided_as IS 'plain: population where what was learned could not be used, holdback where chance decided so that a gain can be shown';
