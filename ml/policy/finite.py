"""Absurd input must not become absurd probabilities: every policy looks at features through this."""

import numpy as np

from ml.policy.base import Floats

BOUND = 1e6


def finite(x: Floats) -> Floats:
    """x without NaN or infinities, each value within ±1e6."""
    numbers = np.where(np.isnan(x), 0.0, x)
    return np.minimum(np.maximum(numbers, -BOUND), BOUND)
