-- What was kept for its time goes by its age, whatever the source.
CREATE INDEX ingress_deliveries_age ON integrations.ingress_deliveries (received_at);
