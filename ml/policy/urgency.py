"""`urgency`: the rule of a careful person (late first, then today, then important), plus exploration.

The best candidates share 1 − ε evenly and everyone gets ε/K: with support on all, its log can judge others.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.random import Generator

from ml.policy.base import Floats, Prior, State
from ml.policy.count_state import CountState, counted
from ml.policy.finite import finite

# A feature the caller does not have simply does not count; with none of them all candidates are equal.
WEIGHTS: Mapping[str, float] = {
    "overdue": 1.0,
    "due_today": 0.8,
    "priority": 0.6,
    "age": 0.2,
    "times_shown": -0.5,
}


class Urgency:
    name = "urgency"
    version = "1"

    def __init__(self, d: int, prior: Prior | None, columns: Mapping[str, int], epsilon: float = 0.1) -> None:
        if not 0 < epsilon <= 1:
            raise ValueError(f"epsilon must lie in (0, 1], got {epsilon}.")
        self._epsilon = epsilon
        self._weights = np.zeros(d)
        for feature, weight in WEIGHTS.items():
            column = columns.get(feature)
            if column is None:
                continue
            if not 0 <= column < d:
                raise ValueError(f"Column {column} of {feature!r} is outside the {d} columns.")
            self._weights[column] = weight

    def fresh(self) -> CountState:
        return CountState()

    def contributions(self, state: State, x: Floats, t_days: float | None = None) -> Floats:
        return np.multiply(finite(x), self._weights)

    def choose(self, state: State, x: Floats, rng: Generator, t_days: float | None = None) -> Floats:
        if len(x) == 0:
            return np.zeros(0)
        scores = self.contributions(state, x).sum(axis=1)
        best = scores >= scores.max() - 1e-9
        probabilities: Floats = np.full(len(x), self._epsilon / len(x)) + best * (
            (1 - self._epsilon) / best.sum()
        )
        return np.divide(probabilities, float(probabilities.sum()))

    def update(self, state: State, x: Floats, reward: float, t_days: float) -> CountState:
        return counted(state).revised(None, reward)

    def revise(
        self, state: State, x: Floats, old: float | None, new: float | None, t_days: float
    ) -> CountState:
        return counted(state).revised(old, new)

    def fit_prior(self, states: Sequence[State], t_days: float | None = None) -> None:
        """Nothing to fit."""
