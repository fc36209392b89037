"""How much of a day it takes: the logarithm of the minutes, full at four hours. Unknown is half an hour."""

from ml.features.batch import Batch, Floats, once
from ml.features.feature import Feature
from ml.features.scale import doublings

FULL_MIN = 240.0


@once
def values(batch: Batch) -> Floats:
    return doublings(batch.effort_min, FULL_MIN)


FEATURE = Feature(
    name="effort",
    low=0.0,
    high=1.0,
    purpose="sync",
    reads=("effortMin",),
    why="the time it takes suits you",
    values=values,
)
