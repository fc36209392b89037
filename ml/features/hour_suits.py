"""How well the time of day and week suits its theme, by product sense (`hours.py`). Without a theme 0."""

import numpy as np

from ml.features.batch import Batch
from ml.features.feature import Feature
from ml.features.numbers import Floats


def values(batch: Batch) -> Floats:
    suits: Floats = np.add.reduce(batch.hours * batch.moment.dayparts_weekend)
    return suits


FEATURE = Feature(
    name="hour_suits",
    low=-1.0,
    high=1.0,
    purpose="service",
    part="timing",
    reads=("theme", "now", "timeZone"),
    why="this should be a good time of day for it",
    values=values,
    why_below="an unusual time of day for it should suit you",
)
