"""Late: past its hour where it has one, else past its day in the person's zone. No due date is never late."""

import numpy as np

from ml.features.batch import Batch, Floats
from ml.features.feature import Feature


def values(batch: Batch) -> Floats:
    timed = ~np.isnan(batch.due_s)
    late = np.where(timed, batch.due_s < batch.now_s, batch.due_day < batch.today)
    return late.astype(np.float64)


FEATURE = Feature(
    name="overdue",
    low=0.0,
    high=1.0,
    purpose="sync",
    reads=("due",),
    why="it is overdue",
    values=values,
)
