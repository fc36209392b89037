"""How amounts become features: a doubling counts the same wherever it happens."""

from collections.abc import Callable
from math import log1p

import numpy as np

from ml.features.numbers import ONE, Floats, number


def doublings(full: float) -> Callable[[Floats], Floats]:
    """The logarithm of 1 + amount, 1 at `full`; what lies beyond is as much."""
    share = number(1.0 / log1p(full))

    def scaled(amounts: Floats) -> Floats:
        grown: Floats = np.log1p(amounts)
        return np.minimum(grown * share, ONE)

    return scaled
