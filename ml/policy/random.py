"""`random`: every candidate alike. The control of every comparison and the last resort."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.random import Generator

from ml.policy.base import Floats, Prior, State
from ml.policy.count_state import CountState, counted


class Random:
    name = "random"
    version = "1"

    def __init__(self, d: int, prior: Prior | None, columns: Mapping[str, int]) -> None:
        self._d = d

    def fresh(self) -> CountState:
        return CountState()

    def choose(self, state: State, x: Floats, rng: Generator, t_days: float | None = None) -> Floats:
        return np.full(len(x), 1.0 / max(1, len(x)))

    def update(self, state: State, x: Floats, reward: float, t_days: float) -> CountState:
        return counted(state).revised(None, reward)

    def revise(
        self, state: State, x: Floats, old: float | None, new: float | None, t_days: float
    ) -> CountState:
        return counted(state).revised(old, new)

    def fit_prior(self, states: Sequence[State], t_days: float | None = None) -> None:
        """Nothing to fit."""
