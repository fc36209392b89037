"""How amounts become features: a doubling counts the same wherever it happens."""

import numpy as np

from ml.features.batch import Floats


def doublings(amounts: Floats, full: float) -> Floats:
    """The logarithm of 1 + amount, 1 at `full`; what lies beyond is as much."""
    grown: Floats = np.log1p(amounts)
    grown *= 1.0 / float(np.log1p(full))
    return np.minimum(grown, 1.0)
