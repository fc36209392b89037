"""What a push is worth: so much of its candidate's score, and what the moment adds.

r = w·score + θ'z. The moment is equal for all candidates, so it cannot choose; it can wait. Learned from
pushes alone, each with the score it was sent with as one more column, so that what is believed is a function
of its terms, like every posterior.
"""

from functools import cache
from math import cos, log1p, pi, sin
from typing import Literal, NamedTuple

import numpy as np

from ml.policy.base import Floats, Prior, State
from ml.policy.hb_ts import HbTs
from ml.policy.prior import PRIORS, from_json

_WAVES = tuple(f"push_{wave}{times}" for times in (1, 2, 3) for wave in ("cos", "sin"))
"""The hour as waves of a day, of half a day and of eight hours."""
COLUMNS = ("push_score", "push", *_WAVES, "push_weekend", "push_busy", "push_dose")
_CHOICE: Literal["choice", "timing"] = "choice"
_TIMING: Literal["choice", "timing"] = "timing"
PARTS = (_CHOICE, *(_TIMING for _ in COLUMNS[1:]))
"""Which typed correction moves a weight, as features say it."""
WORTH_SPREAD, SPREAD, NOISE_VAR = 0.2, 0.2, 0.3
LEAST_WORTH = 0.1
"""A better candidate is never worth less."""
DAY_H = 24.0
MOMENTS = PRIORS / "moments.json"
_FULL = log1p(15.0)


def moment(hour: float, weekend: bool, busy: bool, dosage: float) -> Floats:
    """z: `hour` on the person's clock, `dosage` the decayed count of tips shown."""
    turn = 2 * pi * hour / DAY_H
    waves = [wave(turn * times) for times in (1, 2, 3) for wave in (cos, sin)]
    return np.array([1.0, *waves, float(weekend), float(busy), min(1.0, log1p(max(dosage, 0.0)) / _FULL)])


def until_night(now: Floats, hour: float, opportunities: int, every_h: float) -> Floats:
    """A row for each opportunity that is left, this one first: the same day, nothing else known of it."""
    n = max(1, min(opportunities, int(DAY_H / every_h)))
    turns = (2 * pi / DAY_H) * (hour + every_h * np.arange(n))[:, None] * np.arange(1, 4)
    rows = np.repeat(now[None, :], n, axis=0)
    rows[:, 1:7:2], rows[:, 2:7:2] = np.cos(turns), np.sin(turns)
    rows[1:, COLUMNS.index("push_busy") - 1] = 0.0
    return rows


class Weights(NamedTuple):
    worth: float
    """w"""
    added: Floats
    """θ"""


class Moments(HbTs):
    """A posterior over COLUMNS; it decides nothing itself."""

    name = "moments"

    def __init__(self, prior: Prior | None = None) -> None:
        super().__init__(len(COLUMNS), prior or assumed(), {})

    def weights(self, state: State | None, t_days: float) -> Weights:
        """Without a state that can be used: what is assumed of anyone."""
        theta = self.prior.mean if state is None else self._mean(state, t_days)
        return Weights(max(LEAST_WORTH, float(theta[0])), theta[1:])


def assumed() -> Prior:
    """Before anything was sent: what simulated people have in common, read once."""
    return _shipped()


@cache
def _shipped() -> Prior:
    return from_json(MOMENTS.read_text()).over(COLUMNS)


def sense() -> Prior:
    """A push is worth its score, and no hour is better than another."""
    spread = np.array([WORTH_SPREAD, *(SPREAD for _ in COLUMNS[1:])])
    mean = np.array([1.0, *(0.0 for _ in COLUMNS[1:])])
    return Prior(mean, np.diag(spread**2), NOISE_VAR, "sense")
