-- The text of pooling says more since 0008. Who agreed to the one before has left until they agree to this one, and has
-- so before ml makes its first fit of how cards were received.
SELECT ml.ask_pooling('2026-11-22');
