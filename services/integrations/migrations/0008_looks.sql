-- A look under way holds its place, a source without its consent rests, and the past says when it could not all be read.
ALTER TABLE integrations.grants
  ADD COLUMN looking_until timestamptz,
  ADD COLUMN rests boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN integrations.grants.looking_until IS 'plain: until when a look under way keeps others from beginning; empty when none is';
COMMENT ON COLUMN integrations.grants.rests IS 'personal: a consent to read it is missing';
COMMENT ON COLUMN integrations.grants.looked_at IS 'plain: when it was last looked at';

ALTER TABLE integrations.past_reads
  ADD COLUMN failures integer NOT NULL DEFAULT 0,
  ADD COLUMN is_partial boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN integrations.past_reads.failures IS 'plain: how often its next page was asked for in vain';
COMMENT ON COLUMN integrations.past_reads.is_partial IS 'plain: there was more that could not be read';
