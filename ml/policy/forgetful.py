"""A linear policy that forgets, so order and time matter. For tests and proofs: no name makes it."""

from collections.abc import Sequence

import numpy as np
from numpy.random import Generator

from ml.policy.base import Floats, State
from ml.policy.finite import bounded
from ml.policy.sums import Sums, summed

EPSILON = 0.02
MOST_SCORE = 30.0


class Forgetful:
    name = "forgetful"
    version = "1"

    def __init__(self, d: int) -> None:
        self._d = d

    def fresh(self) -> Sums:
        return Sums.empty(self._d)

    def choose(self, state: State, x: Floats, rng: Generator, t_days: float | None = None) -> Floats:
        if len(x) == 0:
            return np.zeros(0)
        sums = summed(state) if t_days is None else summed(state).at(t_days)
        theta = np.linalg.solve(np.eye(self._d) + sums.matrix(), sums.c)
        scores = np.clip(bounded(x) @ theta, -MOST_SCORE, MOST_SCORE)
        shares = np.exp(scores - scores.max())
        probabilities: Floats = (1 - EPSILON) * shares / shares.sum() + EPSILON / len(x)
        return probabilities

    def update(self, state: State, x: Floats, reward: float, t_days: float) -> Sums:
        return self.revise(state, x, None, reward, t_days)

    def revise(self, state: State, x: Floats, old: float | None, new: float | None, t_days: float) -> Sums:
        return summed(state).revised(bounded(x), old, new, t_days)

    def fit_prior(self, states: Sequence[State], t_days: float | None = None) -> None:
        """It has none."""
