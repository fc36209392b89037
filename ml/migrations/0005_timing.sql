-- What a push is held against: the mean and deviation of a person's best scores at past opportunities.
CREATE TABLE ml.timing (
  person_id uuid PRIMARY KEY,
  seen bytea NOT NULL,
  before bytea NOT NULL,
  recent bytea NOT NULL CHECK (length(recent) BETWEEN 8 AND 512),
  checksum bytea NOT NULL CHECK (length(checksum) = 16)
);
COMMENT ON TABLE ml.timing IS 'personal: how good the best tip was at past opportunities for a push';
COMMENT ON COLUMN ml.timing.person_id IS 'personal: whose it is';
COMMENT ON COLUMN ml.timing.seen IS 'personal: how many, their mean and spread, numbers only';
COMMENT ON COLUMN ml.timing.before IS 'personal: the same without the last opportunity';
COMMENT ON COLUMN ml.timing.recent IS 'personal: hashes of the last decisions, so that each counts once';
COMMENT ON COLUMN ml.timing.checksum IS 'personal: BLAKE2b-128 of the row';

CREATE OR REPLACE FUNCTION ml.export_person(person uuid) RETURNS SETOF jsonb
  LANGUAGE sql STABLE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    SELECT jsonb_build_object('table', 'ml.posteriors', 'row', jsonb_build_object(
             'policy', policy, 'version', version, 'bytes', encode(bytes, 'base64'),
             'checksum', encode(checksum, 'hex'), 'updatedAt', updated_at))
      FROM ml.posteriors WHERE person_id = person
    UNION ALL
    SELECT jsonb_build_object('table', 'ml.terms', 'row', jsonb_build_object(
             'eventId', event_id, 'decisionId', decision_id, 'part', part, 'reward', reward,
             'features', encode(x, 'base64'), 'layout', layout, 'tDays', t_days,
             'replaces', replaces, 'checksum', encode(checksum, 'hex')))
      FROM ml.terms WHERE person_id = person
    UNION ALL
    SELECT jsonb_build_object('table', 'ml.heads', 'row', jsonb_build_object(
             'terms', terms, 'standing', standing, 'total', encode(total, 'hex'), 'frozenT', frozen_t,
             'oldestT', oldest_t, 'lastT', last_t, 'lastId', last_id, 'wantsLog', wants_log,
             'checksum', encode(checksum, 'hex')))
      FROM ml.heads WHERE person_id = person
    UNION ALL
    SELECT jsonb_build_object('table', 'ml.snapshots', 'row', jsonb_build_object(
             'policy', policy, 'copy', copy, 'version', version, 'frozenT', frozen_t,
             'bytes', encode(bytes, 'base64'), 'checksum', encode(checksum, 'hex')))
      FROM ml.snapshots WHERE person_id = person
    UNION ALL
    SELECT jsonb_build_object('table', 'ml.timing', 'row', jsonb_build_object(
             'seen', encode(seen, 'base64'), 'before', encode(before, 'base64'),
             'recent', encode(recent, 'hex'), 'checksum', encode(checksum, 'hex')))
      FROM ml.timing WHERE person_id = person
  $$;

CREATE OR REPLACE FUNCTION ml.erase_person(person uuid) RETURNS bigint
  LANGUAGE plpgsql VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    DECLARE
      gone bigint;
      total bigint;
    BEGIN
      PERFORM ml.lock_person(person);
      INSERT INTO ml.erased (person_hash) VALUES (ml.person_hash(person)) ON CONFLICT DO NOTHING;
      DELETE FROM ml.posteriors WHERE person_id = person;
      GET DIAGNOSTICS total = ROW_COUNT;
      DELETE FROM ml.snapshots WHERE person_id = person;
      GET DIAGNOSTICS gone = ROW_COUNT;
      total := total + gone;
      DELETE FROM ml.terms WHERE person_id = person;
      GET DIAGNOSTICS gone = ROW_COUNT;
      total := total + gone;
      DELETE FROM ml.timing WHERE person_id = person;
      GET DIAGNOSTICS gone = ROW_COUNT;
      total := total + gone;
      DELETE FROM ml.heads WHERE person_id = person;
      GET DIAGNOSTICS gone = ROW_COUNT;
      RETURN total + gone;
    END
  $$;

REVOKE ALL ON ml.timing FROM PUBLIC;
GRANT SELECT, INSERT, UPDATE, DELETE ON ml.timing TO oo_ml;
