"""How much of a day a task takes: as `effort`, for tasks alone."""

from ml.features import effort
from ml.features.batch import Batch
from ml.features.feature import Feature
from ml.features.numbers import Floats


def values(batch: Batch) -> Floats:
    return batch.todo * effort.values(batch)


FEATURE = Feature(
    name="todo_effort",
    low=0.0,
    high=1.0,
    purpose="sync",
    part="choice",
    reads=("kind", "effortMin"),
    why="the time this task takes should suit you",
    values=values,
    why_less="this task takes less time than the rest",
)
