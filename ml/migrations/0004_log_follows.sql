-- That the log is being told again is kept until its end was told: a telling that stops half way is not taken for whole.
ALTER TABLE ml.heads ADD COLUMN log_follows boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN ml.heads.log_follows IS 'plain: whether the log has been told from its beginning since it was wanted, and not to its end yet';
DROP INDEX ml.heads_wanting;
CREATE INDEX heads_wanting ON ml.heads (log_follows, person_id) WHERE wants_log;
