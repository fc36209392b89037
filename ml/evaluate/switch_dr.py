"""SWITCH-DR: doubly robust where the weight is at most τ; beyond it only the model speaks."""

from collections.abc import Sequence

import numpy as np

from ml.evaluate.dr import dr_terms
from ml.evaluate.estimate import LEVEL, Estimate, Unit, summarise
from ml.evaluate.logged import Logged
from ml.policy.base import Floats

THRESHOLDS = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)


def switch_dr_terms(logged: Logged, threshold: float) -> Floats:
    return np.where(logged.weight <= threshold, dr_terms(logged), logged.expected)


def switch_dr(logged: Logged, threshold: float = 20.0, by: Unit = "person", level: float = LEVEL) -> Estimate:
    """Steadier than DR under heavy weights, and biased by whatever r̂ gets wrong beyond τ."""
    known = logged.known()
    terms = switch_dr_terms(known, threshold)
    value = float(terms.mean()) if len(known) else float("nan")
    weight = np.where(known.weight <= threshold, known.weight, 0.0)
    return summarise(value, terms, weight, known.person, by, level)


def best_threshold(logged: Logged, reward_range: float, thresholds: Sequence[float] = THRESHOLDS) -> float:
    """The τ with the least variance plus worst squared bias (the weight cut off × the range of rewards)."""
    known = logged.known()
    if not len(known):
        raise ValueError("No row of this log has a reward yet.")
    weight = known.weight

    def error(threshold: float) -> float:
        bias = reward_range * float(np.where(weight > threshold, weight, 0.0).mean())
        return float(switch_dr_terms(known, threshold).var()) / len(known) + bias**2

    return min(thresholds, key=error)
