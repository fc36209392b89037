"""The numbers that features calculate with."""

import numpy as np
from numpy import float64
from numpy.typing import NDArray

Floats = NDArray[float64]


def number(value: float) -> Floats:
    """A number as an array: numpy would make one of it in every operation, for half of what that costs."""
    return np.array(value, dtype=np.float64)


ZERO, ONE = number(0.0), number(1.0)
