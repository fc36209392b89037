"""A task at the weekend, which is Saturday and Sunday in the person's zone."""

from ml.features.batch import Batch
from ml.features.feature import Feature
from ml.features.numbers import Floats


def values(batch: Batch) -> Floats:
    return batch.todo * batch.moment.weekend


FEATURE = Feature(
    name="todo_weekend",
    low=0.0,
    high=1.0,
    purpose="service",
    part="timing",
    reads=("kind", "now", "timeZone"),
    why="tasks at the weekend should work for you",
    values=values,
)
