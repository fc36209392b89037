"""Empirical-Bernstein evidence, mixed over many stakes: bounds the running mean, at every moment at once.

For X ≥ 0 and any guess g ≤ 1 made before X is seen, exp(λ(X − g) − ψ(λ)(X − g)²) earns at most
1 + λ(E X − g) on average, ψ(λ) = −log(1 − λ) − λ (Fan; Howard et al.). So the product below is a
supermartingale even while the mean wanders from row to row (people differ, seasons turn), and ever
exceeds 1/α with probability α at most (Ville).
"""

from math import log

import numpy as np

from ml.policy.base import Floats

# From bold, for few rows, to careful, for tens of millions; the bold ones hold more of the capital.
STAKES: Floats = 0.9 * 2.0 ** -np.arange(13.0)
CAPITAL: Floats = 1 / np.arange(1.0, 14.0) / (1 / np.arange(1.0, 14.0)).sum()
_PRICE: Floats = -np.log1p(-STAKES) - STAKES
_NEWTON = 12
_AT_ONCE = 50_000


def _spread(x: Floats) -> Floats:
    """Σ (x − the mean so far)², each guess made before its row."""
    before = np.concatenate([[0.0], np.cumsum(x)[:-1]])
    guess = np.minimum((0.5 + before) / np.arange(1, len(x) + 1), 1.0)
    return np.cumsum(np.square(x - guess))


def _evidence(excess: Floats, spread: Floats) -> tuple[Floats, Floats]:
    """The log of the mixed stakes' wealth, and its slope in the excess."""
    wealth = np.multiply.outer(excess, STAKES) - np.multiply.outer(spread, _PRICE)
    top = wealth.max(axis=-1)
    parts = np.exp(wealth - top[..., None])
    total = parts @ CAPITAL
    return top + np.log(total), (parts @ (CAPITAL * STAKES)) / total


def bernstein_evidence(x: Floats, mean: Floats | float) -> Floats:
    """At every moment: the log evidence that the rows average more than `mean` (≥ log 1/α: refuted)."""
    means = np.cumsum(np.broadcast_to(np.asarray(mean, dtype=np.float64), x.shape))
    return _evidence(np.cumsum(x) - means, _spread(x))[0]


def bernstein_lower(x: Floats, alpha: float) -> Floats:
    """At every moment: a bound the running mean of x ≥ 0 (whose expectations lie in [0, 1]) stays above."""
    if len(x) == 0:
        return np.zeros(0)
    spread = _spread(x)
    parts = [_excess(spread[at : at + _AT_ONCE], alpha) for at in range(0, len(x), _AT_ONCE)]
    return np.maximum((np.cumsum(x) - np.concatenate(parts)) / np.arange(1, len(x) + 1), 0.0)


def bernstein_now(x: Floats, alpha: float) -> float:
    """The last of these bounds alone, without the way there."""
    if len(x) == 0:
        return 0.0
    excess = float(_excess(_spread(x)[-1:], alpha)[0])
    return max((float(x.sum()) - excess) / len(x), 0.0)


def _excess(spread: Floats, alpha: float) -> Floats:
    """How far a sum may run above its mean before the evidence reaches log 1/α."""
    wanted = log(1 / alpha)
    # One stake alone reaches it here; from this side Newton on a convex function never falls short.
    alone = (wanted - np.log(CAPITAL) + np.multiply.outer(spread, _PRICE)) / STAKES
    excess: Floats = alone.min(axis=-1)
    for _ in range(_NEWTON):
        evidence, slope = _evidence(excess, spread)
        excess = excess - np.maximum(evidence - wanted, 0.0) / slope
    return excess
