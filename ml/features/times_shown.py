"""How often oO has shown this item already: the logarithm, full at 31 times. Unknown is never."""

from ml.features.batch import Batch, once
from ml.features.feature import Feature
from ml.features.numbers import Floats
from ml.features.scale import doublings

scaled = doublings(31)


@once
def values(batch: Batch) -> Floats:
    return scaled(batch.times_shown)


FEATURE = Feature(
    name="times_shown",
    low=0.0,
    high=1.0,
    purpose="service",
    part="choice",
    reads=("timesShown",),
    why="you have seen it before, and coming back to it should help",
    values=values,
    why_less="you have seen it less often than the rest",
)
