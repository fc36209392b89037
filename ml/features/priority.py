"""How important the person called it: 1 (nothing said, the default) to 4 (most urgent)."""

import numpy as np

from ml.features.batch import Batch, Floats
from ml.features.feature import Feature


def values(batch: Batch) -> Floats:
    said = np.nan_to_num(batch.priority, nan=1.0)
    return (np.clip(said, 1.0, 4.0) - 1.0) / 3.0


FEATURE = Feature(
    name="priority",
    low=0.0,
    high=1.0,
    purpose="sync",
    reads=("priority",),
    why="you marked it as important",
    values=values,
)
