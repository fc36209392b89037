-- A tip that speaks of a moment ends with it: when it is stale then says when an appointment begins or ended.
COMMENT ON COLUMN recommender.tips.expires_at IS 'personal: when it is stale; of a calendar tip the time of an appointment, until a day after it was shown or the calendar may not be read any more, then created_at';
COMMENT ON COLUMN recommender.current.until IS 'personal: when oO decides again by itself';
