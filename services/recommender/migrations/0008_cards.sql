-- What people made of the library's cards, for the night's fit: of those who agreed, which ml joins to it.
-- A card's id begins with its theme (advice/cards.test.ts). What taught of its hour alone says nothing of the card.
CREATE VIEW analytics.ml_cards AS
  SELECT o.decision_id, d.person_id, d.at, t.source || ':' || t.external_id AS card,
         split_part(t.external_id, '-', 1) AS theme, o.reward
    FROM recommender.outcomes o
    JOIN recommender.decisions d ON d.id = o.decision_id
    JOIN recommender.tips t ON t.decision_id = o.decision_id
   WHERE t.source = 'library' AND o.reward IS NOT NULL AND o.part <> 'timing';
GRANT SELECT ON analytics.ml_cards TO oo_ml;
