"""What each candidate is worth as a push now, and what the moments that are left of the day would add."""

from typing import NamedTuple

import numpy as np

from ml.features.days import local
from ml.policy import State
from ml.policy.base import Floats
from ml.policy.moment import Moments, Weights, moment, until_night
from ml.serving.contract import ScoreRequest, Timing, zone

SATURDAY = 5
EVERY_MIN = 30.0
"""How far apart opportunities are where nobody says."""


class Weighed(NamedTuple):
    choice: float
    """The most any candidate is worth, whenever it is sent."""
    added: Floats
    """By each moment that is left of the day, this one first."""
    x: Floats
    """A row per candidate, in the columns of moments."""
    weights: Weights

    @property
    def best(self) -> float:
        return self.choice + float(self.added[0])

    def explained(self, contributions: Floats) -> Floats:
        """With what the moment adds, so that a row sums to what it is worth as a push, sent now. What chance
        decides has no contributions of its own."""
        mine = self.x * np.array([self.weights.worth, *self.weights.added])
        mine[:, 0] -= contributions.sum(axis=1)
        return np.hstack([contributions, mine])


def timing_of(request: ScoreRequest) -> Timing:
    return request.get("timing") or Timing(sendsLeft=1, opportunitiesLeft=1)


def every_min(timing: Timing) -> float:
    return timing.get("everyMin") or EVERY_MIN


def weigh(
    request: ScoreRequest, moments: Moments, state: State | None, expected: Floats, t_days: float
) -> Weighed:
    """`expected` is each candidate's score by the policy whose turn it is; there is one at least."""
    here, timing = local(request["now"], zone(request["timeZone"])), timing_of(request)
    hour = here.hour + here.minute / 60 + here.second / 3600
    busy = bool((request.get("context") or {}).get("busy"))
    now = moment(hour, here.weekday() >= SATURDAY, busy, request.get("dosage") or 0.0)
    weights = moments.weights(state, t_days)
    left = until_night(now, hour, timing["opportunitiesLeft"], every_min(timing) / 60)
    return Weighed(
        weights.worth * float(expected.max()),
        left @ weights.added,
        np.hstack([expected[:, None], np.repeat(now[None, :], len(expected), axis=0)]),
        weights,
    )
