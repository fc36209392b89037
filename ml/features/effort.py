"""How much of a day it takes: the logarithm of the minutes, full at four hours. Unknown is half an hour."""

import numpy as np

from ml.features.batch import Batch, Floats
from ml.features.feature import Feature

DEFAULT_MIN = 30.0
FULL_MIN = 240.0


def values(batch: Batch) -> Floats:
    minutes = np.clip(np.nan_to_num(batch.effort_min, nan=DEFAULT_MIN), 0.0, FULL_MIN)
    return np.divide(np.log1p(minutes), np.log1p(FULL_MIN))


FEATURE = Feature(
    name="effort",
    low=0.0,
    high=1.0,
    purpose="sync",
    reads=("effortMin",),
    why="it fits the time it takes",
    values=values,
)
