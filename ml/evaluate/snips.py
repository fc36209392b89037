"""Self-normalised IPS: V̂ = Σ w·r / Σ w."""

from ml.evaluate.estimate import LEVEL, Estimate, Unit, summarise
from ml.evaluate.logged import Logged


def snips(logged: Logged, by: Unit = "person", level: float = LEVEL) -> Estimate:
    """A little biased in small logs, steadier than IPS, and never outside the rewards it saw."""
    known = logged.known()
    weight = known.weight
    share = weight / (float(weight.sum()) or float("nan"))
    value = float((share * known.reward).sum()) if len(known) else float("nan")
    influence = share * (known.reward - value) * len(known)
    return summarise(value, influence, weight, known.person, by, level)
