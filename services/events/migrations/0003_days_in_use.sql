-- An insert that was already on its way into the default partition when its day got a partition of its own would be
-- refused. So nobody writes while a day is made: writers wait for a moment instead, and then find the new partition.
CREATE OR REPLACE FUNCTION events.make_day(day date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET lock_timeout = '2s'
AS $$
DECLARE
  since timestamptz := day::timestamp AT TIME ZONE 'UTC';
  until timestamptz := (day + 1)::timestamp AT TIME ZONE 'UTC';
  parent text;
  fresh text;
  made boolean := false;
BEGIN
  PERFORM pg_advisory_xact_lock(710772);
  FOREACH parent IN ARRAY ARRAY['log', 'applied'] LOOP
    fresh := parent || '_' || to_char(day, 'YYYYMMDD');
    CONTINUE WHEN to_regclass(format('events.%I', fresh)) IS NOT NULL;
    EXECUTE format('LOCK TABLE events.%I IN SHARE ROW EXCLUSIVE MODE', parent);
    EXECUTE format('CREATE TABLE events.%I (LIKE events.%I INCLUDING DEFAULTS)', fresh, parent);
    EXECUTE format('LOCK TABLE events.%I IN ACCESS EXCLUSIVE MODE', parent || '_default');
    EXECUTE format(
      'WITH moved AS (DELETE FROM events.%I WHERE at >= $1 AND at < $2 RETURNING *) INSERT INTO events.%I SELECT * FROM moved',
      parent || '_default', fresh) USING since, until;
    EXECUTE format('ALTER TABLE events.%I ATTACH PARTITION events.%I FOR VALUES FROM (%L) TO (%L)',
      parent, fresh, since, until);
    made := true;
  END LOOP;
  RETURN made;
END $$;
