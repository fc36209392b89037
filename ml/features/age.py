"""How long it has been waiting: days since it was made, capped at a month. Unknown or future is new."""

import numpy as np

from ml.features.batch import DAY_S, Batch, Floats
from ml.features.feature import Feature

CAP_DAYS = 30.0


def values(batch: Batch) -> Floats:
    days = np.nan_to_num((batch.now_s - batch.created_s) / DAY_S, nan=0.0)
    return np.clip(days, 0.0, CAP_DAYS) / CAP_DAYS


FEATURE = Feature(
    name="age",
    low=0.0,
    high=1.0,
    purpose="sync",
    reads=("createdAt",),
    why="it has been waiting for a while",
    values=values,
)
