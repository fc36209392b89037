"""Due on today's date in the person's zone, whether its hour has passed or not."""

import numpy as np

from ml.features.batch import Batch
from ml.features.feature import Feature
from ml.features.numbers import Floats


def values(batch: Batch) -> Floats:
    return np.equal(batch.due_day, batch.moment.today)


FEATURE = Feature(
    name="due_today",
    low=0.0,
    high=1.0,
    purpose="sync",
    part="choice",
    reads=("due", "now", "timeZone"),
    why="it is due today",
    values=values,
)
