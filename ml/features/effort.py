"""How much of a day it takes: the logarithm of the minutes, full at four hours. Unknown is half an hour."""

import numpy as np

from ml.features.batch import Batch, Floats, scaled
from ml.features.feature import Feature

DEFAULT_MIN = 30.0
FULL_MIN = 240.0
_FULL = float(np.log1p(FULL_MIN))


def values(batch: Batch) -> Floats:
    minutes = np.where(np.isnan(batch.effort_min), DEFAULT_MIN, batch.effort_min)
    return np.minimum(np.log1p(FULL_MIN * scaled(minutes, 0.0, FULL_MIN)) / _FULL, 1.0)


FEATURE = Feature(
    name="effort",
    low=0.0,
    high=1.0,
    purpose="sync",
    reads=("effortMin",),
    why="it fits the time it takes",
    values=values,
)
