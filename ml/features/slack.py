"""The time left until it is due, less the time it takes: 0 is just enough, ±1/2 a day to spare or missing.

A task without a due date has all the time there is. What is no task and has no due date has no slack: 0.
"""

import numpy as np

from ml.features.batch import Batch
from ml.features.feature import Feature
from ml.features.numbers import Floats, number

DAY_S, MINUTE_S = number(86_400), number(60)


def values(batch: Batch) -> Floats:
    left: Floats = batch.due_s - batch.moment.now_s
    left -= batch.effort_min * MINUTE_S
    return batch.has_slack * left / (np.abs(left) + DAY_S)


FEATURE = Feature(
    name="slack",
    low=-1.0,
    high=1.0,
    purpose="sync",
    part="choice",
    reads=("kind", "due", "effortMin", "now", "timeZone"),
    why="there is still time for it",
    values=values,
    why_below="there is no time to spare for it",
)
