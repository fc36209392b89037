"""Whole decisions, their candidates laid end to end: `Logged`, tail mass and audits are made of these."""

from dataclasses import dataclass

import numpy as np

from ml.evaluate.logged import Ints, Logged
from ml.policy.base import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Decision i has the next `sizes[i]` rows of the long columns; `chosen[i]` counts within them."""

    sizes: Ints
    chosen: Ints
    logged_p: Floats
    """long: the probability of every candidate, as logged"""

    def __post_init__(self) -> None:
        if len(self.sizes) != len(self.chosen) or int(self.sizes.sum()) != len(self.logged_p):
            raise ValueError("The sizes do not add up to the candidates.")
        if len(self.sizes) and (self.sizes < 1).any():
            raise ValueError("A decision without candidates is none.")
        if ((self.chosen < 0) | (self.chosen >= self.sizes)).any():
            raise ValueError("A choice lies outside its decision's candidates.")
        if not (np.isfinite(self.logged_p).all() and (self.logged_p >= 0).all()):
            raise ValueError("A logged probability is negative or not a number.")
        if (abs(self.sums(self.logged_p) - 1) > 1e-6).any():
            raise ValueError("The logged probabilities of a decision do not sum to 1.")

    def __len__(self) -> int:
        return len(self.sizes)

    @property
    def starts(self) -> Ints:
        return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(self.sizes)[:-1]])[: len(self.sizes)]

    @property
    def picked(self) -> Ints:
        """Where the choices are in the long columns."""
        return self.starts + self.chosen

    @property
    def decision(self) -> Ints:
        """long: the decision of each candidate"""
        return np.repeat(np.arange(len(self.sizes)), self.sizes)

    def rows(self, of: Ints) -> "Candidates":
        """Some of the decisions, by index."""
        sizes = self.sizes[of]
        total = int(sizes.sum())
        within = np.arange(total) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        return Candidates(sizes, self.chosen[of], self.logged_p[np.repeat(self.starts[of], sizes) + within])

    def sums(self, long: Floats) -> Floats:
        """Per decision, over its candidates."""
        return np.add.reduceat(long, self.starts) if len(self.sizes) else np.zeros(0)

    def logged(
        self, person: Ints, t_days: Floats, reward: Floats, target_p: Floats, predicted: Floats | None = None
    ) -> Logged:
        """For the estimators; `target_p` and `predicted` are long."""
        r_hat = np.zeros(len(self.logged_p)) if predicted is None else predicted
        at = self.picked
        return Logged(
            person=person,
            t_days=t_days,
            logged_p=self.logged_p[at],
            target_p=target_p[at],
            reward=reward,
            predicted=r_hat[at],
            expected=self.sums(target_p * r_hat),
        )

    def tail(self, target_p: Floats, cap: float) -> Floats:
        """Per decision: how much of the target's probability a weight cut at `cap` leaves unseen."""
        return self.sums(np.maximum(target_p - cap * self.logged_p, 0.0))
