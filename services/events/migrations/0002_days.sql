-- The log is kept by the day, so that an old day goes in one step. What stood in it stays, in the partition for days
-- that have none of their own; an insert finds a place there too, so it never fails for want of a partition.
ALTER TABLE events.log RENAME TO log_default;
ALTER TABLE events.log_default ALTER COLUMN seq DROP IDENTITY;
ALTER TABLE events.log_default DROP CONSTRAINT log_pkey;
DROP INDEX events.log_id;
DROP INDEX events.log_person;

CREATE TABLE events.log (
  seq bigint GENERATED ALWAYS AS IDENTITY,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  id uuid NOT NULL,
  subject text NOT NULL,
  person_id uuid,
  at timestamptz NOT NULL,
  envelope bytea NOT NULL,
  PRIMARY KEY (xid, seq, at)
) PARTITION BY RANGE (at);
CREATE UNIQUE INDEX log_id ON events.log (id, at);
CREATE INDEX log_person ON events.log (person_id) WHERE person_id IS NOT NULL;
ALTER TABLE events.log ATTACH PARTITION events.log_default DEFAULT;
DO $$
DECLARE
  next_seq bigint;
BEGIN
  SELECT coalesce(max(seq), 0) + 1 INTO next_seq FROM events.log;
  EXECUTE format('ALTER TABLE events.log ALTER COLUMN seq RESTART WITH %s', next_seq);
END $$;
COMMENT ON TABLE events.log IS 'personal: what happened, as ids and numbers, a partition a day; erased with the person';
COMMENT ON COLUMN events.log.seq IS 'plain: order within a transaction';
COMMENT ON COLUMN events.log.xid IS 'plain: the transaction that wrote it; readers stay below the oldest running one';
COMMENT ON COLUMN events.log.id IS 'plain: the event''s own id';
COMMENT ON COLUMN events.log.subject IS 'plain: the kind of event';
COMMENT ON COLUMN events.log.person_id IS 'personal: whom it concerns';
COMMENT ON COLUMN events.log.at IS 'personal: when it happened';
COMMENT ON COLUMN events.log.envelope IS 'personal: the protobuf message, ids and numbers only';

CREATE TABLE events.applied (
  subscriber text NOT NULL,
  event_id uuid NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (event_id, subscriber, at)
) PARTITION BY RANGE (at);
CREATE TABLE events.applied_default PARTITION OF events.applied DEFAULT;
COMMENT ON TABLE events.applied IS 'plain: which events each subscriber has applied; goes with the day of the event, or its person';
COMMENT ON COLUMN events.applied.subscriber IS 'plain: who applied it';
COMMENT ON COLUMN events.applied.event_id IS 'plain: which event';
COMMENT ON COLUMN events.applied.at IS 'plain: when the event happened, which is the day it is kept under';

CREATE TABLE events.held (
  subscriber text NOT NULL,
  event_id uuid NOT NULL,
  person_id uuid,
  at timestamptz NOT NULL,
  xid xid8 NOT NULL,
  seq bigint NOT NULL,
  tries integer NOT NULL,
  tried_at timestamptz,
  next_try_at timestamptz,
  reason text,
  PRIMARY KEY (subscriber, event_id)
);
CREATE INDEX held_due ON events.held (next_try_at) WHERE next_try_at IS NOT NULL;
CREATE INDEX held_queue ON events.held (subscriber, person_id, xid, seq);
CREATE INDEX held_person ON events.held (person_id);
CREATE INDEX held_at ON events.held (at);
COMMENT ON TABLE events.held IS 'personal: events that wait for another try, and those of the same person behind them';
COMMENT ON COLUMN events.held.subscriber IS 'plain: who could not apply it yet';
COMMENT ON COLUMN events.held.event_id IS 'plain: which event';
COMMENT ON COLUMN events.held.person_id IS 'personal: whose later events wait behind it';
COMMENT ON COLUMN events.held.at IS 'personal: when it happened';
COMMENT ON COLUMN events.held.xid IS 'plain: its place in the log';
COMMENT ON COLUMN events.held.seq IS 'plain: its place within the transaction';
COMMENT ON COLUMN events.held.tries IS 'plain: how often it was tried';
COMMENT ON COLUMN events.held.tried_at IS 'plain: when it was last tried';
COMMENT ON COLUMN events.held.next_try_at IS 'plain: when it is tried again; empty while it waits behind an earlier one';
COMMENT ON COLUMN events.held.reason IS 'plain: the error''s sentence';

ALTER TABLE events.places
  ADD COLUMN subjects text[] NOT NULL DEFAULT '{}',
  ADD COLUMN owner text,
  ADD COLUMN leased_until timestamptz,
  ADD COLUMN taken_at timestamptz,
  ADD COLUMN seen_at timestamptz NOT NULL DEFAULT now();
COMMENT ON COLUMN events.places.subjects IS 'plain: what it listens to';
COMMENT ON COLUMN events.places.owner IS 'plain: the process that forwards, while its lease lasts';
COMMENT ON COLUMN events.places.leased_until IS 'plain: when another process may take over, by this database''s clock';
COMMENT ON COLUMN events.places.taken_at IS 'plain: when something was last taken';
COMMENT ON COLUMN events.places.seen_at IS 'plain: when a process last knew this subscriber; those long gone hold back no day';

CREATE INDEX dead_person ON events.dead (person_id);
CREATE INDEX dead_at ON events.dead (at DESC, event_id);

-- What waits there is looked for by its day.
CREATE INDEX log_default_at ON events.log_default (at);
CREATE INDEX applied_default_at ON events.applied_default (at);

-- Makes one day's partition of the log or of what was applied, and moves there what had to wait in the default one.
-- Nobody writes meanwhile: an insert already on its way into the default partition would be refused once its day is
-- attached. Writers queue behind it for two lock_timeouts at most; whoever asks tries again.
CREATE FUNCTION events.make_day(parent text, day date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET lock_timeout = '40ms'
AS $$
DECLARE
  since timestamptz := day::timestamp AT TIME ZONE 'UTC';
  until timestamptz := (day + 1)::timestamp AT TIME ZONE 'UTC';
  fresh text := parent || '_' || to_char(day, 'YYYYMMDD');
BEGIN
  IF parent NOT IN ('log', 'applied') THEN
    RAISE EXCEPTION 'Only the log and what was applied are kept by the day, not %.', parent;
  END IF;
  PERFORM pg_advisory_xact_lock(710772);
  IF to_regclass(format('events.%I', fresh)) IS NOT NULL THEN
    RETURN false;
  END IF;
  EXECUTE format('CREATE TABLE events.%I (LIKE events.%I INCLUDING DEFAULTS)', fresh, parent);
  EXECUTE format('LOCK TABLE ONLY events.%I IN SHARE ROW EXCLUSIVE MODE', parent);
  EXECUTE format('LOCK TABLE events.%I IN ACCESS EXCLUSIVE MODE', parent || '_default');
  EXECUTE format(
    'WITH moved AS (DELETE FROM events.%I WHERE at >= $1 AND at < $2 RETURNING *) INSERT INTO events.%I SELECT * FROM moved',
    parent || '_default', fresh) USING since, until;
  EXECUTE format('ALTER TABLE events.%I ATTACH PARTITION events.%I FOR VALUES FROM (%L) TO (%L)',
    parent, fresh, since, until);
  RETURN true;
END $$;

-- Drops one day and what was applied of it. Answers why it may not go yet, or nothing once it is gone. While it looks
-- only writes to that day wait. The log itself comes last, and appends queue behind it for one lock_timeout at most;
-- whoever holds a partition holds the whole too, so then nobody is in the way.
CREATE FUNCTION events.drop_day(day date, alive_since timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET lock_timeout = '40ms'
AS $$
DECLARE
  log_day text := 'log_' || to_char(day, 'YYYYMMDD');
  applied_day text := 'applied_' || to_char(day, 'YYYYMMDD');
  since timestamptz := day::timestamp AT TIME ZONE 'UTC';
  until timestamptz := (day + 1)::timestamp AT TIME ZONE 'UTC';
  behind text;
BEGIN
  IF to_regclass(format('events.%I', log_day)) IS NULL THEN
    RETURN NULL;
  END IF;
  PERFORM pg_advisory_xact_lock(710772);
  EXECUTE format('LOCK TABLE events.%I, events.%I IN SHARE MODE', applied_day, log_day);
  EXECUTE format(
    'SELECT p.subscriber FROM events.places p WHERE p.seen_at >= $1
       AND EXISTS (SELECT 1 FROM events.%I l WHERE (l.xid, l.seq) > (p.xid, p.seq)) LIMIT 1',
    log_day) INTO behind USING alive_since;
  IF behind IS NOT NULL THEN
    RETURN format('%s has not read all of it', behind);
  END IF;
  SELECT h.subscriber INTO behind FROM events.held h WHERE h.at >= since AND h.at < until LIMIT 1;
  IF behind IS NOT NULL THEN
    RETURN format('an event of it is held for %s', behind);
  END IF;
  EXECUTE format('DELETE FROM events.dead d USING events.%I l WHERE l.id = d.event_id', log_day);
  LOCK TABLE ONLY events.applied IN ACCESS EXCLUSIVE MODE;
  LOCK TABLE ONLY events.log IN ACCESS EXCLUSIVE MODE;
  EXECUTE format('DROP TABLE events.%I, events.%I', log_day, applied_day);
  RETURN NULL;
END $$;

REVOKE ALL ON FUNCTION events.make_day(text, date), events.drop_day(date, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION events.make_day(text, date), events.drop_day(date, timestamptz) TO oo_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON events.log, events.applied, events.held TO oo_api;
