"""Sample-ratio check: did each group of an experiment get its share of people? If not, trust nothing."""

from collections.abc import Sequence

import numpy as np

from ml.evaluate.logged import Ints
from ml.evaluate.tails import chi_square_tail
from ml.policy.base import Floats

# How sharply the alternative is drawn around the plan: as if 200 people had been seen.
_CONCENTRATION = 200.0


def sample_ratio(counts: Sequence[int], shares: Sequence[float]) -> float:
    """P(χ² this large) for one look."""
    plan = _plan(shares)
    seen = np.asarray(counts, dtype=np.float64)
    if seen.shape != plan.shape:
        raise ValueError("Each group needs a count and a share.")
    expected = seen.sum() * plan
    if not seen.sum():
        return 1.0
    return chi_square_tail(float((np.square(seen - expected) / expected).sum()), len(plan) - 1)


def sample_ratio_anytime(group: Ints, shares: Sequence[float]) -> Floats:
    """After each person, in the order of assignment: a p-value that may be read at any time and only falls.

    The plan is held against a bettor who predicts the next group from those so far (a Dirichlet mixture): if
    the plan is true, that capital ever exceeds 1/α with probability α at most.
    """
    plan = _plan(shares)
    if len(group) and (group.min() < 0 or group.max() >= len(plan)):
        raise ValueError("A person is in a group that has no share.")
    step = np.zeros(len(group))
    seen = np.arange(len(group))
    for arm, share in enumerate(plan):
        own = group == arm
        before = np.cumsum(own) - own
        predicted = (_CONCENTRATION * share + before) / (_CONCENTRATION + seen)
        step += np.where(own, np.log(predicted / share), 0.0)
    peak = np.maximum.accumulate(np.cumsum(step)) if len(step) else step
    return np.exp(-np.maximum(peak, 0.0))


def _plan(shares: Sequence[float]) -> Floats:
    plan = np.asarray(shares, dtype=np.float64)
    if len(plan) < 2 or not (plan > 0).all() or abs(float(plan.sum()) - 1) > 1e-9:
        raise ValueError("The shares of an experiment are two or more, each above 0, and sum to 1.")
    return plan
