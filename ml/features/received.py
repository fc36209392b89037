"""How people received this card of the library, against the others of its theme. Little known is 0.

Of those who agreed to pooling, each night: the mean reward of a card less that of its theme, held back by as
much as fifteen rewards of the mean would, so that a card of which little is known says little.
"""

import numpy as np
from numpy.typing import NDArray

from ml.features.batch import Batch
from ml.features.feature import Feature
from ml.features.numbers import Floats

DAYS = 30.0
"""How far back; rewards are kept no longer."""
LEAST_PEOPLE = 5
"""What fewer made of a card might tell of one of them."""
DOUBT = 15.0
Ints = NDArray[np.int64]


def received(theme: Ints, people: Ints, rewards: Ints, total: Floats) -> Floats:
    """Of each card: the number of its theme, how many people it was of, how many rewards, and their sum."""
    of_theme = np.bincount(theme, weights=total) / np.maximum(np.bincount(theme, weights=rewards), 1.0)
    above = (total - rewards * of_theme[theme]) / (rewards + DOUBT)
    return np.where(people >= LEAST_PEOPLE, np.clip(above, -1.0, 1.0), 0.0)


def values(batch: Batch) -> Floats:
    return batch.received


FEATURE = Feature(
    name="received",
    low=-1.0,
    high=1.0,
    purpose="service",
    part="choice",
    reads=("received",),
    why="it has helped others",
    values=values,
    why_below="others made less of it, and still it should suit you",
    why_less="it is not what most others like best, and should suit you",
)
