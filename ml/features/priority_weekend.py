"""Something important at the weekend, which is Saturday and Sunday in the person's zone."""

from ml.features import priority
from ml.features.batch import Batch
from ml.features.feature import Feature
from ml.features.numbers import Floats


def values(batch: Batch) -> Floats:
    return priority.values(batch) * batch.moment.weekend


FEATURE = Feature(
    name="priority_weekend",
    low=0.0,
    high=1.0,
    purpose="sync",
    part="timing",
    reads=("priority", "now", "timeZone"),
    why="what matters to you should work at the weekend",
    values=values,
)
