"""How much it takes while the calendar is busy; focus and moving take one whole. Unknown is not busy."""

import numpy as np

from ml.features import effort
from ml.features.batch import Batch
from ml.features.feature import Feature
from ml.features.numbers import Floats


def values(batch: Batch) -> Floats:
    return np.maximum(effort.values(batch), batch.absorbing) * batch.moment.busy


FEATURE = Feature(
    name="busy_effort",
    low=0.0,
    high=1.0,
    purpose="calendar",
    part="timing",
    reads=("theme", "effortMin", "context.busy"),
    why="the time it takes should suit you while your calendar is busy",
    values=values,
    why_less="it is shorter than the rest, which should suit you while your calendar is busy",
)
