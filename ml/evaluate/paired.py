"""Two policies on the same seeds: is the one better, seed by seed?"""

from dataclasses import dataclass
from math import inf, sqrt

import numpy as np

from ml.evaluate.estimate import LEVEL
from ml.evaluate.tails import normal_tail, t_quantile, t_tail
from ml.policy.base import Floats


@dataclass(frozen=True, slots=True)
class Paired:
    mean: float
    low: float
    high: float
    p: float
    """two-sided"""
    n: int


def paired_t(differences: Floats, level: float = LEVEL) -> Paired:
    """Student's: the mean difference, where differences are roughly normal (means over many people are)."""
    n = len(differences)
    mean = float(differences.mean()) if n else float("nan")
    if n < 2:
        return Paired(mean, -inf, inf, 1.0, n)
    se = float(differences.std(ddof=1)) / sqrt(n)
    reach = t_quantile((1 + level) / 2, n - 1) * se
    if se == 0:
        return Paired(mean, mean, mean, float(mean == 0), n)
    return Paired(mean, mean - reach, mean + reach, min(1.0, 2 * t_tail(abs(mean) / se, n - 1)), n)


def wilcoxon(differences: Floats, exact_up_to: int = 60) -> float:
    """Signed ranks, two-sided: assumes symmetry only. Exact up to 60 pairs, ties too; zeros drop out."""
    moved = differences[differences != 0]
    n = len(moved)
    if n == 0:
        return 1.0
    twice = _twice_ranks(np.abs(moved))
    up = int(twice[moved > 0].sum())
    total = int(twice.sum())
    extreme = min(up, total - up)
    if n <= exact_up_to:
        chance = np.zeros(total + 1)
        chance[0] = 1.0
        for rank in twice:
            shifted = np.concatenate([np.zeros(rank), chance[: total + 1 - rank]])
            chance = (chance + shifted) / 2
        return min(1.0, 2 * float(chance[: extreme + 1].sum()))
    sd = sqrt(float(np.square(twice.astype(np.float64)).sum())) / 2
    # half a rank (one of the doubled) is the continuity correction
    return min(1.0, 2 * normal_tail((total / 2 - extreme - 1) / sd))


def _twice_ranks(sizes: Floats) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """Twice the mid-ranks, so that they are whole."""
    _, inverse, counts = np.unique(sizes, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return (2 * last - counts + 1)[inverse.reshape(-1)]
