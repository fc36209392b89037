"""How often oO has shown this item already: the logarithm, full at 31 times. Unknown is never."""

import numpy as np

from ml.features.batch import Batch, Floats, scaled
from ml.features.feature import Feature


def values(batch: Batch) -> Floats:
    shown: Floats = np.log2(1.0 + 31.0 * scaled(batch.times_shown, 0.0, 31.0))
    return shown / 5.0


FEATURE = Feature(
    name="times_shown",
    low=0.0,
    high=1.0,
    purpose="service",
    reads=("timesShown",),
    why="you have not seen it often",
    values=values,
)
