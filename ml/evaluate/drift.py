"""Drift: has the world changed (features), what the policy says of it (predictions), or what comes back?"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot

import numpy as np

from ml.evaluate.estimate import summarise
from ml.evaluate.holm import holm
from ml.evaluate.logged import Ints
from ml.evaluate.psi import Shift, shift
from ml.evaluate.tails import normal_tail
from ml.policy.base import Floats

LARGE = 0.2
"""the PSI from which one speaks of another population"""
ALPHA = 0.01


@dataclass(frozen=True, slots=True)
class Drift:
    name: str
    shift: Shift
    p: float
    """corrected for how many columns were looked at"""

    @property
    def alarming(self) -> bool:
        """Large, and more than chance: the first alone misleads in small samples, the second in big ones."""
        return self.shift.beyond_noise >= LARGE and self.p < ALPHA


def drifts(
    names: Sequence[str], reference: Floats, recent: Floats, design_effect: float = 1.0
) -> list[Drift]:
    """Per column, largest first. Features; or the predictions, as one more column."""
    if not reference.shape[1] == recent.shape[1] == len(names):
        raise ValueError("Each column needs a name, then and now.")
    shifts = [shift(reference[:, i], recent[:, i], design_effect) for i in range(len(names))]
    corrected = holm([s.p for s in shifts])
    found = [Drift(name, s, p) for name, s, p in zip(names, shifts, corrected, strict=True)]
    return sorted(found, key=lambda d: -d.shift.beyond_noise)


@dataclass(frozen=True, slots=True)
class RewardDrift:
    change: float
    se: float
    p: float
    shift: Shift

    @property
    def alarming(self) -> bool:
        return self.p < ALPHA


def reward_drift(
    reference: Floats, reference_person: Ints, recent: Floats, recent_person: Ints
) -> RewardDrift:
    """The mean's change, sure to the degree that people (not rows) agree on it. Open rewards (NaN) wait."""
    means, errors, kept = [], [], []
    for reward, person in ((reference, reference_person), (recent, recent_person)):
        known = ~np.isnan(reward)
        kept.append(reward[known])
        mean = float(reward[known].mean()) if known.any() else float("nan")
        means.append(mean)
        errors.append(summarise(mean, reward[known], np.ones(int(known.sum())), person[known]).se)
    change, se = means[1] - means[0], hypot(*errors)
    p = 2 * normal_tail(abs(change) / se) if 0 < se < np.inf else float(se > 0 or change == 0)
    return RewardDrift(change, se, p, shift(kept[0], kept[1]))
