"""How often oO has shown this item already: the logarithm, full at 31 times. Unknown is never."""

from ml.features.batch import Batch, Floats
from ml.features.feature import Feature
from ml.features.scale import doublings

FULL = 31.0


def values(batch: Batch) -> Floats:
    return doublings(batch.times_shown, FULL)


FEATURE = Feature(
    name="times_shown",
    low=0.0,
    high=1.0,
    purpose="service",
    reads=("timesShown",),
    why="you have seen it before, and coming back to it tends to help",
    values=values,
)
