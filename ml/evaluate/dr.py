"""Doubly robust: V̂ = mean of Σ_a π(a) r̂(a) + w·(r − r̂), with r̂ frozen before these rows."""

import numpy as np

from ml.evaluate.estimate import LEVEL, Estimate, Unit, summarise
from ml.evaluate.logged import Logged
from ml.policy.base import Floats


def dr_terms(logged: Logged) -> Floats:
    return logged.expected + logged.weight * (logged.reward - logged.predicted)


def dr(logged: Logged, by: Unit = "person", level: float = LEVEL) -> Estimate:
    """Unbiased like IPS whatever r̂ says, and the steadier the better r̂ is."""
    known = logged.known()
    terms = dr_terms(known)
    value = float(terms.mean()) if len(known) else float("nan")
    return summarise(value, terms, known.weight, known.person, by, level)


def dr_difference(new: Logged, current: Logged, by: Unit = "person", level: float = LEVEL) -> Estimate:
    """new − current on the same log, row by row: what both would have done alike cancels."""
    if len(new) != len(current) or not np.array_equal(new.reward, current.reward, equal_nan=True):
        raise ValueError("Two policies are compared on the same rows of the same log.")
    new, current = new.known(), current.known()
    terms = dr_terms(new) - dr_terms(current)
    value = float(terms.mean()) if len(new) else float("nan")
    return summarise(value, terms, new.weight, new.person, by, level)
