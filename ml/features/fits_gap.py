"""It fits into the time that is free now. Where its effort or the time is unknown, nobody can say: 0."""

import numpy as np

from ml.features.batch import Batch
from ml.features.feature import Feature
from ml.features.numbers import Floats


def values(batch: Batch) -> Floats:
    return np.less_equal(batch.said_effort_min, batch.moment.free_min)


FEATURE = Feature(
    name="fits_gap",
    low=0.0,
    high=1.0,
    purpose="calendar",
    part="timing",
    reads=("effortMin", "context.freeMin"),
    why="it fits into the time you have free",
    values=values,
)
