-- What was learned becomes a pure function of terms: each reward event kept as the numbers it taught, a head that says
-- what must be there, and snapshots of what is older than the terms. No reward was sent before, so nothing moves over.
DROP TABLE ml.applied_events;

CREATE TABLE ml.terms (
  person_id uuid NOT NULL,
  event_id text NOT NULL CHECK (length(event_id) BETWEEN 1 AND 64),
  t_days double precision NOT NULL,
  decision_id text NOT NULL,
  part text NOT NULL CHECK (part IN ('all', 'timing', 'choice')),
  reward double precision,
  x bytea,
  layout text,
  replaces text,
  checksum bytea NOT NULL CHECK (length(checksum) = 16),
  PRIMARY KEY (person_id, event_id)
);
CREATE INDEX terms_replaces ON ml.terms (person_id, replaces) WHERE replaces IS NOT NULL;
COMMENT ON TABLE ml.terms IS 'personal: each reward as what was learned is made of it; 30 days';
COMMENT ON COLUMN ml.terms.person_id IS 'personal: whose it is';
COMMENT ON COLUMN ml.terms.event_id IS 'personal: the reward event, counted once';
COMMENT ON COLUMN ml.terms.t_days IS 'personal: when it was earned, in days since 1970';
COMMENT ON COLUMN ml.terms.decision_id IS 'personal: the decision that earned it';
COMMENT ON COLUMN ml.terms.part IS 'plain: what it teaches: all, timing or choice';
COMMENT ON COLUMN ml.terms.reward IS 'personal: the reward; null where the event takes another back';
COMMENT ON COLUMN ml.terms.x IS 'personal: the chosen candidate''s feature values, float64, no text';
COMMENT ON COLUMN ml.terms.layout IS 'plain: which columns x has';
COMMENT ON COLUMN ml.terms.replaces IS 'personal: the event whose place it takes';
COMMENT ON COLUMN ml.terms.checksum IS 'personal: BLAKE2b-128 of the row';

CREATE TABLE ml.layouts (
  layout text PRIMARY KEY CHECK (length(layout) = 16),
  names text[] NOT NULL
);
COMMENT ON TABLE ml.layouts IS 'plain: the columns that feature rows were written in';
COMMENT ON COLUMN ml.layouts.layout IS 'plain: a hash of the names';
COMMENT ON COLUMN ml.layouts.names IS 'plain: the features'' names, in order';

CREATE TABLE ml.heads (
  person_id uuid PRIMARY KEY,
  terms bigint NOT NULL,
  standing bigint NOT NULL,
  total bytea NOT NULL CHECK (length(total) = 16),
  frozen_t double precision NOT NULL,
  oldest_t double precision NOT NULL,
  last_t double precision NOT NULL,
  last_id text NOT NULL,
  wants_log boolean NOT NULL,
  checksum bytea NOT NULL CHECK (length(checksum) = 16)
);
CREATE INDEX heads_oldest ON ml.heads (oldest_t, person_id) WHERE terms > 0;
CREATE INDEX heads_wanting ON ml.heads (person_id) WHERE wants_log;
COMMENT ON TABLE ml.heads IS 'personal: what must be there of a person, so that nothing of it can vanish unseen';
COMMENT ON COLUMN ml.heads.person_id IS 'personal: whose it is';
COMMENT ON COLUMN ml.heads.terms IS 'personal: how many terms';
COMMENT ON COLUMN ml.heads.standing IS 'personal: how many of them count';
COMMENT ON COLUMN ml.heads.total IS 'personal: the sum of their checksums';
COMMENT ON COLUMN ml.heads.frozen_t IS 'personal: up to when terms have gone into the snapshots, in days since 1970';
COMMENT ON COLUMN ml.heads.oldest_t IS 'personal: when the oldest term was earned';
COMMENT ON COLUMN ml.heads.last_t IS 'personal: when the last term that counts was earned';
COMMENT ON COLUMN ml.heads.last_id IS 'personal: that term';
COMMENT ON COLUMN ml.heads.wants_log IS 'plain: whether a term was lost that only the event log still has';
COMMENT ON COLUMN ml.heads.checksum IS 'personal: BLAKE2b-128 of the row';

-- Two copies, because the terms behind a snapshot are gone.
CREATE TABLE ml.snapshots (
  person_id uuid NOT NULL,
  policy text NOT NULL CHECK (policy ~ '^[a-z0-9_]{1,40}$'),
  copy smallint NOT NULL CHECK (copy IN (1, 2)),
  version text NOT NULL CHECK (length(version) BETWEEN 1 AND 64),
  frozen_t double precision NOT NULL,
  bytes bytea NOT NULL,
  checksum bytea NOT NULL CHECK (length(checksum) = 16),
  PRIMARY KEY (person_id, policy, version, copy)
);
COMMENT ON TABLE ml.snapshots IS 'personal: what was learned up to a moment, where the terms before it are gone';
COMMENT ON COLUMN ml.snapshots.person_id IS 'personal: whose it is';
COMMENT ON COLUMN ml.snapshots.policy IS 'plain: the name of the policy';
COMMENT ON COLUMN ml.snapshots.copy IS 'plain: the first or the second of two';
COMMENT ON COLUMN ml.snapshots.version IS 'plain: the version of the policy and its columns';
COMMENT ON COLUMN ml.snapshots.frozen_t IS 'personal: the moment, in days since 1970';
COMMENT ON COLUMN ml.snapshots.bytes IS 'personal: the learned state, numbers only';
COMMENT ON COLUMN ml.snapshots.checksum IS 'personal: BLAKE2b-128 of the row';

COMMENT ON COLUMN ml.posteriors.version IS 'plain: the version of the policy and its columns';
COMMENT ON COLUMN ml.posteriors.checksum IS 'personal: BLAKE2b-128 of the row and of the terms it is made of';
COMMENT ON TABLE ml.erased IS 'plain: a keyless hash of each erased id, kept for good, so that late events teach nothing';

-- Locks each person until the transaction ends, in the order given, and answers those who were not erased.
CREATE FUNCTION ml.lock_people(people uuid[]) RETURNS SETOF uuid
  LANGUAGE plpgsql VOLATILE STRICT SET search_path = pg_catalog, pg_temp
  AS $$
    DECLARE
      person uuid;
    BEGIN
      FOREACH person IN ARRAY people LOOP
        PERFORM ml.lock_person(person);
      END LOOP;
      RETURN QUERY SELECT p FROM unnest(people) AS p
        WHERE NOT EXISTS (SELECT 1 FROM ml.erased WHERE person_hash = ml.person_hash(p));
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
      DELETE FROM ml.heads WHERE person_id = person;
      GET DIAGNOSTICS gone = ROW_COUNT;
      RETURN total + gone;
    END
  $$;

REVOKE ALL ON ml.terms, ml.layouts, ml.heads, ml.snapshots FROM PUBLIC;
REVOKE ALL ON FUNCTION ml.lock_people(uuid[]) FROM PUBLIC;
GRANT SELECT, INSERT, UPDATE, DELETE ON ml.terms, ml.heads, ml.snapshots TO oo_ml;
GRANT SELECT, INSERT ON ml.layouts TO oo_ml;
GRANT EXECUTE ON FUNCTION ml.lock_people(uuid[]) TO oo_ml;
