"""A language model wrote it."""

from ml.features.batch import Batch
from ml.features.feature import Feature
from ml.features.numbers import Floats


def values(batch: Batch) -> Floats:
    return batch.generated


FEATURE = Feature(
    name="generated",
    low=0.0,
    high=1.0,
    purpose="service",
    part="choice",
    reads=("generated",),
    why="tips written for your day should help you",
    values=values,
)
