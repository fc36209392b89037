"""How long it has been waiting: days since it was made, full at a month. Unknown or future is new."""

import numpy as np

from ml.features.batch import Batch
from ml.features.feature import Feature
from ml.features.numbers import ONE, ZERO, Floats, number

CAP_S = number(30 * 86_400)


def values(batch: Batch) -> Floats:
    waited: Floats = np.fmax(batch.moment.now_s - batch.created_s, ZERO)
    waited /= CAP_S
    return np.minimum(waited, ONE)


FEATURE = Feature(
    name="age",
    low=0.0,
    high=1.0,
    purpose="sync",
    part="choice",
    reads=("createdAt", "now"),
    why="it has been waiting for you",
    values=values,
    why_less="it is newer than the rest",
)
