"""Betting: if the mean were m, no one could grow rich by staking on x − m; who does has refuted m (Ville).

Capital is spread over a ladder of fixed stakes, so no stake has to be guessed and none is right only for one
size of log (after Waudby-Smith & Ramdas). Sharper than Bernstein; needs rows with one common mean.
"""

from math import log

import numpy as np

from ml.evaluate.bernstein import CAPITAL, STAKES
from ml.policy.base import Floats

_HALVINGS = 34
_RICH = 600.0


def betting_evidence(x: Floats, mean: float) -> Floats:
    """At every moment: log wealth of betting that x ≥ 0 averages more than `mean` (≥ log 1/α: refuted)."""
    total = np.zeros(len(x))
    for capital, stake in zip(CAPITAL, STAKES / max(mean, 0.05), strict=True):
        total += capital * np.exp(np.minimum(np.cumsum(np.log1p(stake * (x - mean))), _RICH))
    return np.log(np.maximum(total, np.exp(-_RICH)))


def betting_lower(x: Floats, alpha: float, points: int = 64) -> Floats:
    """At every moment: a bound the mean of x ≥ 0 (in [0, 1]) stays above. It never falls again.

    Wealth falls in m: the way to the last bound is found on a grid that thickens towards it, rounded down.
    """
    wanted, low = log(1 / alpha), betting_now(x, alpha)
    bound = np.zeros(len(x))
    for m in low * (1 - np.square(np.linspace(1.0, 0.0, points)[1:])):
        passed = betting_evidence(x, float(m)) >= wanted
        if passed.any():
            bound[int(passed.argmax()) :] = m
    return bound


def betting_now(x: Floats, alpha: float) -> float:
    """The last of these bounds alone, by halving."""
    if len(x) == 0:
        return 0.0
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        rich = betting_evidence(x, middle).max() >= log(1 / alpha)
        low, high = (middle, high) if rich else (low, middle)
    return low
