"""A task in the morning, a task in the evening."""

from ml.features.batch import Batch
from ml.features.feature import Feature
from ml.features.numbers import Floats


def values(batch: Batch) -> Floats:
    return batch.todo * batch.moment.morning_evening


FEATURE = Feature(
    name="todo_daypart",
    low=0.0,
    high=1.0,
    purpose="service",
    part="timing",
    reads=("kind", "now", "timeZone"),
    why=(
        "tasks in the morning should work for you",
        "tasks in the evening should work for you",
    ),
    values=values,
    columns=("todo_morning", "todo_evening"),
)
