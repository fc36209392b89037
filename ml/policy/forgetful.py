"""A linear policy that forgets, so order and time matter. For tests and proofs: no name makes it."""

from collections.abc import Sequence

import numpy as np
from numpy.random import Generator

from ml.policy.base import Floats, State
from ml.policy.finite import finite
from ml.policy.sums import Sums

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
        sums = _own(state) if t_days is None else _own(state).at(t_days)
        theta = np.linalg.solve(np.eye(self._d) + sums.matrix(), sums.c)
        scores = np.clip(_bounded(x) @ theta, -MOST_SCORE, MOST_SCORE)
        shares = np.exp(scores - scores.max())
        probabilities: Floats = (1 - EPSILON) * shares / shares.sum() + EPSILON / len(x)
        return probabilities

    def update(self, state: State, x: Floats, reward: float, t_days: float) -> Sums:
        return self.revise(state, x, None, reward, t_days)

    def revise(self, state: State, x: Floats, old: float | None, new: float | None, t_days: float) -> Sums:
        return _own(state).revised(_bounded(x), old, new, t_days)

    def fit_prior(self, states: Sequence[State], t_days: float | None = None) -> None:
        """It has none."""


def _bounded(x: Floats) -> Floats:
    """Features are scaled to about ±1; far beyond that only absurd input lies."""
    bounded: Floats = np.clip(finite(x), -10.0, 10.0)
    return bounded


def _own(state: State) -> Sums:
    if not isinstance(state, Sums):
        raise TypeError(f"Expected sums, got {type(state).__name__}.")
    return state
