"""Inverse propensity scoring: V̂ = mean of w·r, w = target's probability / logged probability."""

from ml.evaluate.estimate import LEVEL, Estimate, Unit, summarise
from ml.evaluate.logged import Logged
from ml.policy.base import Floats


def ips_terms(logged: Logged) -> Floats:
    """One unbiased guess per row."""
    return logged.weight * logged.reward


def ips(logged: Logged, by: Unit = "person", level: float = LEVEL) -> Estimate:
    """Unbiased wherever the log gave everything the target likes a chance; one rare choice can swamp it."""
    known = logged.known()
    terms = ips_terms(known)
    value = float(terms.mean()) if len(known) else float("nan")
    return summarise(value, terms, known.weight, known.person, by, level)
