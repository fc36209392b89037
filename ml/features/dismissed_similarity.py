"""How much it is like what the person dismissed lately. Unknown is not at all."""

from ml.features.batch import Batch
from ml.features.feature import Feature
from ml.features.numbers import Floats


def values(batch: Batch) -> Floats:
    return batch.dismissed_similarity


FEATURE = Feature(
    name="dismissed_similarity",
    low=0.0,
    high=1.0,
    purpose="service",
    part="choice",
    reads=("dismissedSimilarity",),
    why="you passed over something like it, and still it should help",
    values=values,
    why_less="it is less like what you passed over lately",
)
