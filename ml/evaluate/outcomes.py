"""Pseudo-outcomes with known bounds: a row's guess at a policy's value, cut where its weight grows too large.

Cutting a weight at `cap` bends the guess, so there are two: on average `low` errs downwards, `high` upwards.
A lower bound for the mean of the first and an upper bound for the second hold for the value itself.
"""

from dataclasses import dataclass

import numpy as np

from ml.evaluate.logged import Ints, Logged
from ml.policy.base import Floats

REWARD_RANGE = (-1.0, 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class Outcomes:
    low: Floats
    """each ≥ floor"""
    high: Floats
    """each ≤ ceiling"""
    floor: float
    ceiling: float
    least: float
    """the value itself lies in [least, most]"""
    most: float

    def __post_init__(self) -> None:
        slack = 1e-9 * (self.ceiling - self.floor)
        if (self.low < self.floor - slack).any() or (self.high > self.ceiling + slack).any():
            raise ValueError("An outcome lies beyond the bounds it was said to keep.")

    def turned(self) -> "Outcomes":
        """The same of −value: what bounds from below then bounds from above."""
        return Outcomes(-self.high, -self.low, -self.ceiling, -self.floor, -self.most, -self.least)


def _in_time(logged: Logged) -> Ints:
    """The known rows, oldest first."""
    known = np.flatnonzero(~np.isnan(logged.reward))
    return known[np.argsort(logged.t_days[known], kind="stable")]


def ips_outcomes(
    logged: Logged, cap: float = np.inf, reward_range: tuple[float, float] = REWARD_RANGE
) -> Outcomes:
    """No tail mass needed: counted from the worst (best) reward, a cut weight errs to one side."""
    rows = logged.rows(_in_time(logged))
    least, most = reward_range
    _within(rows.reward, reward_range, "reward")
    weight = np.minimum(rows.weight, cap)
    return Outcomes(
        least + weight * (rows.reward - least), most - weight * (most - rows.reward), least, most, least, most
    )


def dr_outcomes(
    logged: Logged, cap: float, tail: Floats | None = None, reward_range: tuple[float, float] = REWARD_RANGE
) -> Outcomes:
    """`tail` is `Candidates.tail(target, cap)`; without it no weight of the log may ever pass the cap."""
    least, most = reward_range
    kept, below, above = _doubly_robust(logged, cap, tail, reward_range)
    worst, best = _residuals(logged, reward_range)
    from_, to = _of_model(logged, reward_range)
    unseen = 0.0 if tail is None else 1.0
    return Outcomes(
        kept + below, kept + above, from_ + (cap + unseen) * worst, to + (cap + unseen) * best, least, most
    )


def difference_outcomes(
    new: Logged,
    current: Logged,
    cap: float,
    tails: tuple[Floats, Floats] | None = None,
    reward_range: tuple[float, float] = REWARD_RANGE,
) -> Outcomes:
    """new − current on the same rows with the same r̂ (none = 0, which is IPS)."""
    same = len(new) == len(current) and np.array_equal(new.reward, current.reward, equal_nan=True)
    if not (same and np.array_equal(new.predicted, current.predicted)):
        raise ValueError("Two policies are compared on the same rows of the same log, with the same r̂.")
    kept, below, above = _doubly_robust(new, cap, tails and tails[0], reward_range)
    less, under, over = _doubly_robust(current, cap, tails and tails[1], reward_range)
    worst, best = _residuals(new, reward_range)
    from_, to = _of_model(new, reward_range)
    unseen = 0.0 if tails is None else best - worst
    reach = (to - from_) + cap * max(-worst, best) + unseen
    width = reward_range[1] - reward_range[0]
    return Outcomes(kept - less + below - over, kept - less + above - under, -reach, reach, -width, width)


def _doubly_robust(
    logged: Logged, cap: float, tail: Floats | None, reward_range: tuple[float, float]
) -> tuple[Floats, Floats, Floats]:
    """Per row in time: the guess with its weight cut, and what the unseen tail may take or add."""
    at = _in_time(logged)
    rows = logged.rows(at)
    for column, name in (
        (rows.reward, "reward"),
        (rows.predicted, "prediction"),
        (rows.expected, "expectation"),
    ):
        _within(column, reward_range, name)
    if tail is None and len(rows) and rows.weight.max() > cap:
        raise ValueError("A weight passes the cap: give the tail mass, or a cap that no weight can pass.")
    unseen = np.zeros(len(rows)) if tail is None else tail[at]
    worst, best = _residuals(logged, reward_range)
    kept = rows.expected + np.minimum(rows.weight, cap) * (rows.reward - rows.predicted)
    return kept, unseen * worst, unseen * best


def _modelled(logged: Logged) -> bool:
    return bool(logged.predicted.any() or logged.expected.any())


def _residuals(logged: Logged, reward_range: tuple[float, float]) -> tuple[float, float]:
    least, most = reward_range
    return (least - most, most - least) if _modelled(logged) else (least, most)


def _of_model(logged: Logged, reward_range: tuple[float, float]) -> tuple[float, float]:
    return reward_range if _modelled(logged) else (0.0, 0.0)


def _within(column: Floats, reward_range: tuple[float, float], name: str) -> None:
    if len(column) and not (
        reward_range[0] - 1e-9 <= column.min() and column.max() <= reward_range[1] + 1e-9
    ):
        raise ValueError(f"A {name} lies outside {reward_range}.")
