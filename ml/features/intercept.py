"""What every candidate starts from."""

from ml.features.batch import Batch
from ml.features.feature import Feature
from ml.features.numbers import Floats


def values(batch: Batch) -> Floats:
    return batch.ones


FEATURE = Feature(
    name="intercept",
    low=1.0,
    high=1.0,
    purpose="service",
    part="timing",
    reads=(),
    why="it is one of the things you could do now",
    values=values,
)
