"""Absurd input must not become absurd probabilities: every policy looks at features through this."""

import numpy as np

from ml.policy.base import Floats

BOUND = 1e6
SCALE = 100.0


def finite(x: Floats) -> Floats:
    """x without NaN or infinities, each value within ±1e6."""
    numbers = np.where(np.isnan(x), 0.0, x)
    return np.minimum(np.maximum(numbers, -BOUND), BOUND)


def bounded(x: Floats) -> Floats:
    """x for a linear model. Features are scaled to about ±1; beyond ±100 lies only absurd input."""
    # No value is out of bounds where the sum of squares is not, and nearly always it is not.
    if np.vdot(x, x) <= SCALE * SCALE:
        return x
    clipped: Floats = np.clip(finite(x), -SCALE, SCALE)
    return clipped
