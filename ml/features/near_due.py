"""How near its moment is: 1 when there is just the time left that it takes, 1/2 two days before or after.

What has no due date is near to nothing: 0. Whether the moment has passed is said by `overdue`.
"""

import numpy as np

from ml.features.batch import Batch
from ml.features.feature import Feature
from ml.features.numbers import Floats, number

NEAR_S, MINUTE_S = number(2 * 86_400), number(60)


def values(batch: Batch) -> Floats:
    left: Floats = batch.due_s - batch.moment.now_s
    left -= batch.effort_min * MINUTE_S
    return batch.has_due * NEAR_S / (np.abs(left) + NEAR_S)


FEATURE = Feature(
    name="near_due",
    low=0.0,
    high=1.0,
    purpose="sync",
    part="choice",
    reads=("due", "effortMin", "now", "timeZone"),
    why="its time is near",
    values=values,
    why_less="its time is less near than that of the rest",
)
