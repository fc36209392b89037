"""How much of a day it takes: the logarithm of the minutes, full at four hours. Unknown is half an hour."""

from ml.features.batch import Batch, once
from ml.features.feature import Feature
from ml.features.numbers import Floats
from ml.features.scale import doublings

scaled = doublings(240)


@once
def values(batch: Batch) -> Floats:
    return scaled(batch.effort_min)


FEATURE = Feature(
    name="effort",
    low=0.0,
    high=1.0,
    purpose="sync",
    part="choice",
    reads=("effortMin",),
    why="the time it takes should suit you",
    values=values,
    why_less="it takes less time than the rest",
)
