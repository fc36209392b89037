"""Late: past its hour where it has one, else past its day in the person's zone. No due date is never late."""

import numpy as np

from ml.features.batch import Batch
from ml.features.feature import Feature
from ml.features.numbers import Floats


def values(batch: Batch) -> Floats:
    return np.less(batch.due_s, batch.moment.now_s)


FEATURE = Feature(
    name="overdue",
    low=0.0,
    high=1.0,
    purpose="sync",
    part="choice",
    reads=("due", "now", "timeZone"),
    why="it is overdue",
    values=values,
)
