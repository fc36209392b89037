-- One look asks only for some of what is no longer listed: what was asked for longest ago comes first.
ALTER TABLE integrations.open_items ADD COLUMN asked_at timestamptz;
COMMENT ON COLUMN integrations.open_items.asked_at IS 'plain: when the provider was last asked what became of it, where it is open and not listed';
