-- Schema ml: what was learned about each person, and which reward events are already in it.
-- Runs as oo_owner; the schema and the roles oo_api, oo_ml, oo_reader exist.

CREATE TABLE ml.posteriors (
  person_id uuid NOT NULL,
  policy text NOT NULL CHECK (policy ~ '^[a-z0-9_]{1,40}$'),
  version text NOT NULL CHECK (length(version) BETWEEN 1 AND 64),
  bytes bytea NOT NULL,
  checksum bytea NOT NULL CHECK (length(checksum) = 16),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (person_id, policy)
);

-- A row is written in the transaction that applies the event, so an event counts once however often it comes.
-- A replacement that overtakes its original leaves the original's row with in_state = false.
CREATE TABLE ml.applied_events (
  event_id text PRIMARY KEY CHECK (length(event_id) BETWEEN 1 AND 64),
  person_id uuid NOT NULL,
  decision_id text,
  part text CHECK (part IN ('all', 'timing', 'choice')),
  reward double precision,
  x bytea,
  t_days double precision,
  in_state boolean NOT NULL,
  replaced_by text,
  applied_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX applied_events_person ON ml.applied_events (person_id);

-- A late or repeated event of someone erased must not bring them back.
CREATE TABLE ml.erased (
  person_hash bytea PRIMARY KEY CHECK (length(person_hash) = 32),
  erased_at timestamptz NOT NULL DEFAULT now()
);

CREATE FUNCTION ml.person_hash(person uuid) RETURNS bytea
  LANGUAGE sql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp
  AS $$ SELECT sha256(convert_to('oo-ml-erased:' || person::text, 'UTF8')) $$;

-- Whoever learns about a person or erases them holds this until the transaction ends.
CREATE FUNCTION ml.lock_person(person uuid) RETURNS void
  LANGUAGE sql VOLATILE STRICT SET search_path = pg_catalog, pg_temp
  AS $$ SELECT pg_advisory_xact_lock(hashtextextended('oo-ml:' || person::text, 0)) $$;

CREATE FUNCTION ml.export_person(person uuid) RETURNS SETOF jsonb
  LANGUAGE sql STABLE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    SELECT jsonb_build_object('table', 'ml.posteriors', 'row', jsonb_build_object(
             'policy', policy, 'version', version, 'bytes', encode(bytes, 'base64'),
             'checksum', encode(checksum, 'hex'), 'updatedAt', updated_at))
      FROM ml.posteriors WHERE person_id = person
    UNION ALL
    SELECT jsonb_build_object('table', 'ml.applied_events', 'row', jsonb_build_object(
             'eventId', event_id, 'decisionId', decision_id, 'part', part, 'reward', reward,
             'features', encode(x, 'base64'), 'tDays', t_days, 'inState', in_state,
             'replacedBy', replaced_by, 'appliedAt', applied_at))
      FROM ml.applied_events WHERE person_id = person
  $$;

CREATE FUNCTION ml.erase_person(person uuid) RETURNS bigint
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
      DELETE FROM ml.applied_events WHERE person_id = person;
      GET DIAGNOSTICS gone = ROW_COUNT;
      RETURN total + gone;
    END
  $$;

REVOKE ALL ON ALL TABLES IN SCHEMA ml FROM PUBLIC;
REVOKE ALL ON FUNCTION ml.person_hash(uuid), ml.lock_person(uuid), ml.export_person(uuid), ml.erase_person(uuid)
  FROM PUBLIC;
GRANT USAGE ON SCHEMA ml TO oo_ml, oo_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON ml.posteriors, ml.applied_events TO oo_ml;
GRANT SELECT ON ml.erased TO oo_ml;
GRANT EXECUTE ON FUNCTION ml.person_hash(uuid), ml.lock_person(uuid), ml.erase_person(uuid) TO oo_ml;
GRANT EXECUTE ON FUNCTION ml.export_person(uuid), ml.erase_person(uuid) TO oo_api;
