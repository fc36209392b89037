"""How often oO has shown this item already: the logarithm, full at 31 times. Unknown is never."""

import numpy as np

from ml.features.batch import Batch, Floats
from ml.features.feature import Feature

FULL = float(np.log1p(31.0))


def values(batch: Batch) -> Floats:
    times = np.clip(np.nan_to_num(batch.times_shown, nan=0.0), 0.0, 31.0)
    return np.divide(np.log1p(times), FULL)


FEATURE = Feature(
    name="times_shown",
    low=0.0,
    high=1.0,
    purpose="service",
    reads=("timesShown",),
    why="you have not seen it often",
    values=values,
)
