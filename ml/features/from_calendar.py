"""It comes from the person's calendar."""

from ml.features.batch import Batch
from ml.features.feature import Feature
from ml.features.numbers import Floats


def values(batch: Batch) -> Floats:
    return batch.from_calendar


FEATURE = Feature(
    name="from_calendar",
    low=0.0,
    high=1.0,
    purpose="calendar",
    part="choice",
    reads=("source",),
    why="it belongs to something in your calendar",
    values=values,
)
