"""One log as arrays: what was chosen, how probably, what another policy would have done, what it earned."""

from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ml.policy.base import Floats

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Logged:
    """A row per shown tip. The predictions come from a reward model that never saw these rows; none = 0."""

    person: Ints
    """index of the person"""
    t_days: Floats
    """when it was decided"""
    logged_p: Floats
    """the probability the choice was drawn with, as logged"""
    target_p: Floats
    """the probability the policy under evaluation gives the same choice"""
    reward: Floats
    """what it earned; NaN where that is not known yet"""
    predicted: Floats = field(default_factory=lambda: np.zeros(0))
    """r̂ of the choice"""
    expected: Floats = field(default_factory=lambda: np.zeros(0))
    """Σ over the candidates of the target's probability × r̂"""

    def __post_init__(self) -> None:
        n = len(self.reward)
        for name in ("predicted", "expected"):
            if len(getattr(self, name)) == 0:
                object.__setattr__(self, name, np.zeros(n))
        for name in ("person", "t_days", "logged_p", "target_p", "predicted", "expected"):
            column = getattr(self, name)
            if column.shape != (n,):
                raise ValueError(f"{name} has shape {column.shape}, the rewards have {n} rows.")
            if not np.isfinite(column).all():
                raise ValueError(f"{name} holds a value that is not a number.")
        if n and not (self.logged_p.min() > 0 and self.logged_p.max() <= 1 + 1e-9):
            raise ValueError(
                "A logged probability lies outside (0, 1]: what had no chance cannot have been drawn."
            )
        if n and not (self.target_p.min() >= 0 and self.target_p.max() <= 1 + 1e-9):
            raise ValueError("A target probability lies outside [0, 1].")
        if np.isinf(self.reward).any():
            raise ValueError("A reward is infinite.")

    def __len__(self) -> int:
        return len(self.reward)

    @property
    def weight(self) -> Floats:
        """How many times as often the target would have made this choice."""
        return np.divide(self.target_p, self.logged_p)

    def rows(self, of: Mask | Ints) -> Self:
        """Some of the rows, or all of them in another order."""
        return replace(
            self,
            person=self.person[of],
            t_days=self.t_days[of],
            logged_p=self.logged_p[of],
            target_p=self.target_p[of],
            reward=self.reward[of],
            predicted=self.predicted[of],
            expected=self.expected[of],
        )

    def known(self) -> Self:
        """The rows whose reward is known."""
        return self.rows(~np.isnan(self.reward))
