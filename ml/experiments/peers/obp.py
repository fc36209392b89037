"""obp: its off-policy estimators, over decisions of different sizes (filled up with what has no chance)."""

import numpy as np
from obp.ope import (
    DoublyRobust,
    InverseProbabilityWeighting,
    SelfNormalizedInverseProbabilityWeighting,
    SwitchDoublyRobust,
)

from ml.evaluate import Candidates
from ml.policy.base import Floats


def estimates(
    candidates: Candidates, reward: Floats, target_p: Floats, predicted: Floats, threshold: float
) -> dict[str, float]:
    """By our names. `target_p` and `predicted` are long."""
    said = {
        "reward": reward,
        "action": candidates.chosen,
        "pscore": candidates.logged_p[candidates.picked],
        "action_dist": _square(candidates, target_p),
        "estimated_rewards_by_reg_model": _square(candidates, predicted),
    }
    theirs = {
        "ips": InverseProbabilityWeighting(),
        "snips": SelfNormalizedInverseProbabilityWeighting(),
        "dr": DoublyRobust(),
        "switch_dr": SwitchDoublyRobust(tau=threshold),
    }
    return {name: float(estimator.estimate_policy_value(**said)) for name, estimator in theirs.items()}


def _square(candidates: Candidates, long: Floats) -> Floats:
    """Decisions × most candidates × 1."""
    square = np.zeros((len(candidates), int(candidates.sizes.max()), 1))
    within = np.arange(len(long)) - np.repeat(candidates.starts, candidates.sizes)
    square[candidates.decision, within, 0] = long
    return square
