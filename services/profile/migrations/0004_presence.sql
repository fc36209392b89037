-- Whether a person is there, and at which of their places, can be agreed to as well.
ALTER TABLE profile.consents DROP CONSTRAINT consents_purpose_check;
ALTER TABLE profile.consents ADD CONSTRAINT consents_purpose_check
  CHECK (purpose IN ('terms', 'sync', 'llm', 'push', 'pooling', 'calendar', 'mood', 'sleep', 'presence'));
