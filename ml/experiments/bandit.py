"""What plays in the bake-off (track A): one context for all, K actions, and only the chosen one's reward."""

from collections.abc import Callable
from typing import Protocol

from numpy.random import Generator

from ml.policy.base import Floats


class Bandit(Protocol):
    name: str

    def act(self, context: Floats, rng: Generator) -> tuple[int, float]:
        """An action and its probability (1 where a package draws inside and does not tell)."""
        ...

    def learn(self, context: Floats, action: int, reward: float, probability: float) -> None:
        """What that action earned, in [0, 1]."""
        ...


MakeBandit = Callable[[int, int], Bandit]
"""How many actions and features: a fresh bandit. Contexts carry no intercept."""
