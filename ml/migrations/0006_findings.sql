-- What the judge found in the decision log, newest of each hour; the api reads the last by a function, also while ml is down.
CREATE TABLE ml.findings (
  at timestamptz PRIMARY KEY DEFAULT now(),
  figures jsonb NOT NULL
);
COMMENT ON TABLE ml.findings IS 'plain: figures of all people together, about policies and columns; 90 days';
COMMENT ON COLUMN ml.findings.at IS 'plain: when they were found';
COMMENT ON COLUMN ml.findings.figures IS 'plain: intervals, sizes and alarms, no person';

CREATE FUNCTION ml.latest_findings() RETURNS jsonb
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ SELECT figures FROM ml.findings ORDER BY at DESC LIMIT 1 $$;

REVOKE ALL ON ml.findings FROM PUBLIC;
REVOKE ALL ON FUNCTION ml.latest_findings() FROM PUBLIC;
GRANT SELECT, INSERT, DELETE ON ml.findings TO oo_ml;
GRANT EXECUTE ON FUNCTION ml.latest_findings() TO oo_api;
