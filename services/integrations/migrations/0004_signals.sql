-- What a person, their devices and their apps tell of the moment: a number each, and only the newest of every source.
CREATE TABLE integrations.signals (
  person_id uuid NOT NULL,
  type text NOT NULL CHECK (type IN ('mood', 'sleep', 'place', 'visible', 'idle', 'busy')),
  source text NOT NULL,
  value double precision CHECK (value BETWEEN -1e9 AND 1e9),
  place_id uuid,
  measured_at timestamptz NOT NULL,
  heard_at timestamptz NOT NULL,
  PRIMARY KEY (person_id, type, source),
  CHECK ((type = 'place') = (place_id IS NOT NULL) AND (type = 'place') = (value IS NULL)),
  CHECK (measured_at <= heard_at)
);
CREATE INDEX signals_measured_at ON integrations.signals (measured_at);
COMMENT ON TABLE integrations.signals IS 'personal: the newest signal of each type and source, for 30 days, until its consent is withdrawn or its source is gone';
COMMENT ON COLUMN integrations.signals.person_id IS 'personal: of whom';
COMMENT ON COLUMN integrations.signals.type IS 'personal: what was measured, such as mood';
COMMENT ON COLUMN integrations.signals.source IS 'personal: who told it: oO''s own page, a connected app or a source of the person''s own';
COMMENT ON COLUMN integrations.signals.value IS 'personal: what was measured, as a number in the range of its type';
COMMENT ON COLUMN integrations.signals.place_id IS 'personal: the id of a place, by which nobody finds it';
COMMENT ON COLUMN integrations.signals.measured_at IS 'personal: the moment it was true';
COMMENT ON COLUMN integrations.signals.heard_at IS 'personal: when oO was told';

-- A look that failed is put off, and read nothing: how fresh a source is goes by what was read.
ALTER TABLE integrations.grants ADD COLUMN read_at timestamptz;
UPDATE integrations.grants SET read_at = looked_at;
COMMENT ON COLUMN integrations.grants.read_at IS 'plain: when what is open was last read and compared; null before the first time';

GRANT SELECT, INSERT, UPDATE, DELETE ON integrations.signals TO oo_api;
