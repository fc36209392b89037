"""How much of its kind and theme was shown lately: the logarithm of the decayed count, full at 15."""

from ml.features.batch import Batch, Floats
from ml.features.feature import Feature
from ml.features.scale import doublings

FULL = 15.0


def values(batch: Batch) -> Floats:
    return doublings(batch.kind_recent, FULL)


FEATURE = Feature(
    name="kind_recent",
    low=0.0,
    high=1.0,
    purpose="service",
    reads=("kindRecent",),
    why="you have had some of this kind lately, and more of it tends to help",
    values=values,
)
