"""What an estimator answers: a value, how sure it is of it, and how much of the log it stands on."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from ml.evaluate.logged import Ints
from ml.evaluate.tails import t_quantile
from ml.policy.base import Floats

Unit = Literal["person", "decision"]
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Estimate:
    value: float
    se: float
    low: float
    """the interval for a size fixed beforehand; looked at again and again it is false (see sequences)"""
    high: float
    n: int
    people: int
    ess: float
    """effective sample size: how many unweighted rows the weighted ones are worth"""
    max_weight_share: float
    """the share of all weight that one row carries"""

    @property
    def sure(self) -> bool:
        return bool(np.isfinite(self.se))


def effective_size(weight: Floats) -> float:
    squares = float(np.square(weight).sum())
    return float(weight.sum()) ** 2 / squares if squares else 0.0


def summarise(
    value: float, influence: Floats, weight: Floats, person: Ints, by: Unit = "person", level: float = LEVEL
) -> Estimate:
    """`influence` is each row's pull on the value: the value is right on average and moves by their mean.

    By person, one person's rows may depend on each other and the interval speaks of people like these; by
    decision (and for a single person) it speaks of these people only.
    """
    n, people = len(influence), len(np.unique(person))
    total = float(weight.sum())
    share = float(weight.max()) / total if total > 0 else 0.0
    pulls = influence - influence.mean() if n else influence
    if by == "person" and people > 1:
        pulls = np.bincount(np.unique(person, return_inverse=True)[1].reshape(-1), weights=pulls)
    units, ess = len(pulls), effective_size(weight)
    if units < 2 or ess < 1 + 1e-9:  # one row carries all the weight, or none carries any
        return Estimate(value, np.inf, -np.inf, np.inf, n, people, ess, share)
    se = float(np.sqrt(np.square(pulls).sum() * units / (units - 1)) / n)
    reach = t_quantile((1 + level) / 2, units - 1) * se
    return Estimate(value, se, value - reach, value + reach, n, people, ess, share)
