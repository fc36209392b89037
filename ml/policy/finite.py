"""Absurd input must not become absurd probabilities: every policy looks at features through this."""

import numpy as np

from ml.policy.base import Floats

BOUND = 1e6


def finite(x: Floats) -> Floats:
    """x without NaN or infinities, each value within ±1e6."""
    clean = np.nan_to_num(np.asarray(x, dtype=np.float64), nan=0.0, posinf=BOUND, neginf=-BOUND)
    return np.clip(clean, -BOUND, BOUND)
