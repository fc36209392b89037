"""How important the person called it: 1 (nothing said, the default) to 4 (most urgent)."""

from ml.features.batch import Batch, Floats
from ml.features.feature import Feature


def values(batch: Batch) -> Floats:
    return (batch.priority - 1.0) / 3.0


FEATURE = Feature(
    name="priority",
    low=0.0,
    high=1.0,
    purpose="sync",
    reads=("priority",),
    why="you marked it as important",
    values=values,
)
