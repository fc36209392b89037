-- With the prior goes how those people received each card of the library.
COMMENT ON COLUMN ml.priors.file IS 'plain: mean and covariance by feature, how each card of the library was received by five people at least, and where they come from';
