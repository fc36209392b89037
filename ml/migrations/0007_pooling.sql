-- The population's prior from people who agreed: who they are, what each fit made, and that somebody has left.
-- The api tells of consents by functions, as of erasure, so that leaving works while ml is down.
CREATE TABLE ml.pooling (
  person_id uuid PRIMARY KEY,
  version text NOT NULL CHECK (length(version) BETWEEN 1 AND 20),
  since timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE ml.pooling IS 'personal: who agreed that new people start from what is true of them, too; until they leave';
COMMENT ON COLUMN ml.pooling.person_id IS 'personal: who';
COMMENT ON COLUMN ml.pooling.version IS 'personal: the version of the text they agreed to';
COMMENT ON COLUMN ml.pooling.since IS 'personal: when ml heard of it';

CREATE TABLE ml.pooling_leaves (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE ml.pooling_leaves IS 'plain: that somebody left, not who, until the prior was made again without them';
COMMENT ON COLUMN ml.pooling_leaves.id IS 'plain: which time';
COMMENT ON COLUMN ml.pooling_leaves.at IS 'plain: when';

CREATE TABLE ml.priors (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  policy text NOT NULL CHECK (policy ~ '^[a-z0-9_]{1,40}$'),
  at timestamptz NOT NULL DEFAULT now(),
  outcome text NOT NULL CHECK (outcome IN ('fitted', 'shipped', 'failed')),
  people integer NOT NULL CHECK (people >= 0),
  version text CHECK (length(version) BETWEEN 1 AND 64),
  file text,
  checksum bytea CHECK (length(checksum) = 16),
  said text CHECK (length(said) <= 300),
  CHECK ((outcome = 'fitted') = (version IS NOT NULL AND file IS NOT NULL AND checksum IS NOT NULL))
);
CREATE INDEX priors_newest ON ml.priors (policy, seq DESC);
CREATE UNIQUE INDEX priors_version ON ml.priors (policy, version);
COMMENT ON TABLE ml.priors IS 'plain: what each fit of the population''s prior came to; sums over five people at least, nobody by themselves';
COMMENT ON COLUMN ml.priors.seq IS 'plain: the order; of each policy the newest that did not fail is in force';
COMMENT ON COLUMN ml.priors.policy IS 'plain: the name of the policy';
COMMENT ON COLUMN ml.priors.at IS 'plain: when';
COMMENT ON COLUMN ml.priors.outcome IS 'plain: fitted; shipped where too few agree; failed where what was in force stays';
COMMENT ON COLUMN ml.priors.people IS 'plain: how many people it is from, or would have been';
COMMENT ON COLUMN ml.priors.version IS 'plain: its name in the decision log';
COMMENT ON COLUMN ml.priors.file IS 'plain: mean and covariance by feature, and where they come from';
COMMENT ON COLUMN ml.priors.checksum IS 'plain: BLAKE2b-128 of policy, version and file';
COMMENT ON COLUMN ml.priors.said IS 'plain: why nothing was fitted';

-- Whoever leaves shares this lock; who puts a fit in force holds it alone, so that nobody leaves unnoticed meanwhile.
CREATE FUNCTION ml.leave_pooling(person uuid, stays boolean) RETURNS bigint
  LANGUAGE plpgsql VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    DECLARE
      gone bigint;
    BEGIN
      PERFORM pg_advisory_xact_lock_shared(hashtextextended('oo-ml:pooling', 0));
      IF stays THEN
        INSERT INTO ml.pooling_leaves (at) SELECT now() FROM ml.pooling WHERE person_id = person;
        RETURN 0;
      END IF;
      DELETE FROM ml.pooling WHERE person_id = person;
      GET DIAGNOSTICS gone = ROW_COUNT;
      INSERT INTO ml.pooling_leaves (at) SELECT now() WHERE gone > 0;
      RETURN gone;
    END
  $$;

-- The last answer of each of these people. Everybody who holds several people takes them in one order.
CREATE FUNCTION ml.hear_pooling(people uuid[], answers boolean[], versions text[]) RETURNS void
  LANGUAGE plpgsql VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    DECLARE
      said record;
    BEGIN
      FOR said IN SELECT * FROM unnest(people, answers, versions) AS one(person, agrees, asked) ORDER BY 1 LOOP
        PERFORM ml.lock_person(said.person);
        IF said.agrees THEN
          INSERT INTO ml.pooling (person_id, version)
            SELECT said.person, said.asked
             WHERE NOT EXISTS (SELECT 1 FROM ml.erased WHERE person_hash = ml.person_hash(said.person))
            ON CONFLICT (person_id) DO UPDATE SET version = excluded.version;
        ELSE
          PERFORM ml.leave_pooling(said.person, false);
        END IF;
      END LOOP;
    END
  $$;

-- A yes counts for the text it was given to: who agreed to another one than is asked now has left.
CREATE FUNCTION ml.ask_pooling(asked text) RETURNS bigint
  LANGUAGE plpgsql VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    DECLARE
      gone bigint;
    BEGIN
      PERFORM pg_advisory_xact_lock_shared(hashtextextended('oo-ml:pooling', 0));
      DELETE FROM ml.pooling WHERE version <> asked;
      GET DIAGNOSTICS gone = ROW_COUNT;
      INSERT INTO ml.pooling_leaves (at) SELECT now() WHERE gone > 0;
      RETURN gone;
    END
  $$;

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
    UNION ALL
    SELECT jsonb_build_object('table', 'ml.pooling', 'row', jsonb_build_object(
             'version', version, 'since', since))
      FROM ml.pooling WHERE person_id = person
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
      total := total + gone;
      RETURN total + ml.leave_pooling(person, false);
    END
  $$;

REVOKE ALL ON ml.pooling, ml.pooling_leaves, ml.priors FROM PUBLIC;
REVOKE ALL ON FUNCTION ml.leave_pooling(uuid, boolean), ml.hear_pooling(uuid[], boolean[], text[]), ml.ask_pooling(text)
  FROM PUBLIC;
GRANT SELECT ON ml.pooling TO oo_ml;
GRANT SELECT, DELETE ON ml.pooling_leaves TO oo_ml;
GRANT SELECT, INSERT, DELETE ON ml.priors TO oo_ml;
GRANT EXECUTE ON FUNCTION ml.leave_pooling(uuid, boolean) TO oo_ml;
GRANT EXECUTE ON FUNCTION ml.hear_pooling(uuid[], boolean[], text[]), ml.ask_pooling(text) TO oo_api;
