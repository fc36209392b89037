"""What every candidate starts from."""

import numpy as np

from ml.features.batch import Batch, Floats
from ml.features.feature import Feature


def values(batch: Batch) -> Floats:
    return np.ones(batch.size)


FEATURE = Feature(
    name="intercept",
    low=1.0,
    high=1.0,
    purpose="service",
    reads=(),
    why="it is one of the things you could do now",
    values=values,
)
