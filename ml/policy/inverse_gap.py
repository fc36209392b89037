"""Inverse-gap weighting: the further behind the best, the less probable, and never zero."""

import numpy as np

from ml.policy.base import Floats

GAMMA = 150.0


def inverse_gap(means: Floats, gamma: float = GAMMA) -> Floats:
    """p_a = 1/(K + γ(m_best − m_a)); the best gets the rest, and several best ones share it evenly."""
    k = len(means)
    if k == 0:
        return np.zeros(0)
    gaps = means.max() - means
    shares: Floats = 1.0 / (k + gamma * gaps)
    best = gaps == 0.0
    shares[best] = (1.0 - shares[~best].sum()) / best.sum()
    return shares
