"""How often oO has shown this task already: as `times_shown`, for tasks alone."""

from ml.features import times_shown
from ml.features.batch import Batch
from ml.features.feature import Feature
from ml.features.numbers import Floats


def values(batch: Batch) -> Floats:
    return batch.todo * times_shown.values(batch)


FEATURE = Feature(
    name="todo_shown",
    low=0.0,
    high=1.0,
    purpose="service",
    part="choice",
    reads=("kind", "timesShown"),
    why="it is a task that you have seen before, and coming back to it should help",
    values=values,
    why_less="it is a task that you have seen less often than the rest",
)
