"""`linucb5`: the five-feature LinUCB of old (overdue, age, priority, hour, day), the baseline to beat.

Hour and day are equal for all candidates of a decision, so they cannot change its choice. It uses which of
the five there are, and with none of them all candidates are equal.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.random import Generator

from ml.policy.base import Decision, Floats, Prior, State
from ml.policy.linucb import LinUcb
from ml.policy.sums import Sums

FIVE = ("overdue", "age", "priority", "hour", "day")


class LinUcb5:
    name = "linucb5"

    def __init__(self, d: int, prior: Prior | None, columns: Mapping[str, int], **settings: float) -> None:
        self._columns = [columns[name] for name in FIVE if name in columns]
        if any(not 0 <= column < d for column in self._columns):
            raise ValueError(f"A column of {FIVE} is outside the {d} columns.")
        self._inner = LinUcb(max(1, len(self._columns)), None, {}, **settings)
        self.version, self.state_version = self._inner.version, self._inner.state_version

    def fresh(self) -> Sums:
        return self._inner.fresh()

    def choose(self, state: State, x: Floats, rng: Generator, t_days: float | None = None) -> Floats:
        return self._inner.choose(state, self._five(x), rng, t_days)

    def update(self, state: State, x: Floats, reward: float, t_days: float) -> Sums:
        return self._inner.update(state, self._five(x), reward, t_days)

    def revise(self, state: State, x: Floats, old: float | None, new: float | None, t_days: float) -> Sums:
        return self._inner.revise(state, self._five(x), old, new, t_days)

    def fit_prior(self, states: Sequence[State], t_days: float | None = None) -> None:
        """It has none."""

    def contributions(self, state: State, x: Floats, t_days: float | None = None) -> Floats:
        return self._whole(self._inner.contributions(state, self._five(x), t_days), x)

    def decide(self, state: State, x: Floats, rng: Generator, t_days: float | None = None) -> Decision:
        p, added, usable = self._inner.decide(state, self._five(x), rng, t_days)
        return Decision(p, self._whole(added, x), usable)

    def population(self, x: Floats) -> Decision:
        p, added, usable = self._inner.population(self._five(x))
        return Decision(p, self._whole(added, x), usable)

    def _whole(self, five: Floats, x: Floats) -> Floats:
        added = np.zeros(x.shape)
        if self._columns:
            added[:, self._columns] = five
        return added

    def _five(self, x: Floats) -> Floats:
        return x[..., self._columns] if self._columns else np.zeros((*x.shape[:-1], 1))
