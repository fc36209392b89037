"""Two groups of people, looked at any time: is the one with the new policy better off?"""

import numpy as np

from ml.evaluate.estimate import LEVEL
from ml.evaluate.logged import Mask
from ml.evaluate.outcomes import REWARD_RANGE, Outcomes
from ml.evaluate.sequence import Bounds, Method, confidence_sequence
from ml.policy.base import Floats


def compare_people(
    treated: Mask,
    value: Floats,
    share: float,
    value_range: tuple[float, float] = REWARD_RANGE,
    method: Method = "betting",
    level: float = LEVEL,
) -> Bounds:
    """Bounds of treated − others after each unit, in order of closing; each was treated with chance `share`.

    A unit is what was assigned: for a hash of people that is a person, with ONE value (say, the mean
    reward of their first week), however many tips they saw; for a holdback of moments, a moment
    (then with `bernstein`: moments differ).
    """
    least, most = value_range
    if len(treated) != len(value) or not np.isfinite(value).all():
        raise ValueError("Each unit needs a group and a value.")
    if len(value) and not (value.min() >= least and value.max() <= most):
        raise ValueError(f"A value lies outside {value_range}.")
    if not 0 < share < 1:
        raise ValueError(f"The share of treated must lie between 0 and 1, got {share}.")
    guess = effect_guesses(treated, value, share, (least + most) / 2)
    width = most - least
    reach = width / min(share, 1 - share)
    return confidence_sequence(Outcomes(guess, guess, -reach, reach, -width, width), method, level)


def effect_guesses(treated: Mask, value: Floats, share: float, middle: float) -> Floats:
    """Per unit: what the treatment does, right on average over the assignment (augmented IPS)."""
    new, old = (_mean_before(value, group, middle) for group in (treated, ~treated))
    return np.where(treated, (value - new) / share, (old - value) / (1 - share)) + new - old


def _mean_before(value: Floats, group: Mask, middle: float) -> Floats:
    """The group's mean before each unit, which may be taken off without looking ahead."""
    total = np.concatenate([[0.0], np.cumsum(np.where(group, value, 0.0))[:-1]])[: len(value)]
    count = np.concatenate([[0.0], np.cumsum(group)[:-1]])[: len(value)]
    mean: Floats = (middle + total) / (1 + count)
    return mean
