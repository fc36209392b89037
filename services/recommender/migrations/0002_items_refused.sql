-- What is known of an item beyond its last reaction: how much of it was shown lately, and a sketch of what was refused.
ALTER TABLE recommender.items
  ADD COLUMN recent real NOT NULL DEFAULT 0,
  ADD COLUMN refused_at timestamptz,
  ADD COLUMN sketch bytea;
COMMENT ON COLUMN recommender.items.recent IS 'personal: how often it was on screen, halved every day since, as of the last time';
COMMENT ON COLUMN recommender.items.refused_at IS 'personal: when it was dismissed or said never to come again';
COMMENT ON COLUMN recommender.items.sketch IS 'personal: how it was worded, as a keyed hash sealed with the person''s key, to know its like; 30 days after a dismissal, after never until that is undone';

-- A count that is halved every day, with one more, as of the later of the two moments: devices report in any order.
CREATE FUNCTION recommender.shown_again(count real, last timestamptz, at timestamptz) RETURNS real
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN coalesce(count * power(0.5, greatest(0, least(100, extract(epoch FROM at - last) / 86400))), 0)
       + power(0.5, coalesce(greatest(0, least(100, extract(epoch FROM last - at) / 86400)), 0));
GRANT EXECUTE ON FUNCTION recommender.shown_again TO oo_api;
