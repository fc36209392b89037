"""How important the person called it: 1 (nothing said, the default) to 4 (most urgent)."""

from ml.features.batch import Batch, once
from ml.features.feature import Feature
from ml.features.numbers import ONE, Floats, number

STEPS = number(3)


@once
def values(batch: Batch) -> Floats:
    return (batch.priority - ONE) / STEPS


FEATURE = Feature(
    name="priority",
    low=0.0,
    high=1.0,
    purpose="sync",
    part="choice",
    reads=("priority",),
    why="you marked it as important",
    values=values,
)
