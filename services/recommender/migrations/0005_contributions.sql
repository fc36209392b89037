-- What each feature added to the score of what was chosen, so that a person can be told why.
ALTER TABLE recommender.decisions ADD COLUMN contributions bytea;
COMMENT ON COLUMN recommender.decisions.contributions IS 'personal: float32 per feature, of the chosen, then of all candidates on average';
