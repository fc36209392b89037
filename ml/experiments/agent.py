"""What plays in the lab: one of our policies for every person, or a peer. A track knows nothing else."""

from collections.abc import Callable, Mapping
from typing import Protocol

from numpy.random import Generator

from ml.policy.base import Floats


class Agent(Protocol):
    name: str

    def act(self, person: int, x: Floats, rng: Generator, t_days: float) -> tuple[int, float]:
        """One row of x (K×d), drawn with `rng`, and its probability: true for ours, claimed by a peer."""
        ...

    def learn(
        self, person: int, x: Floats, chosen: int, reward: float, probability: float, t_days: float
    ) -> None:
        """What a decision earned, once that is known; x is all its rows, as `act` saw them."""
        ...

    def revise(
        self,
        person: int,
        x: Floats,
        chosen: int,
        old: float,
        new: float,
        probability: float,
        t_days: float,
    ) -> None:
        """It was learned as `old` and turns out to be `new`, of the same moment `t_days` as then.

        An agent that cannot take back what it learned may leave it at `old`."""
        ...

    def night(self, t_days: float) -> None:
        """Work of the night: where there is a population's prior, it is refitted."""
        ...


Build = Callable[[int, Mapping[str, int], int], Agent]
"""d, the columns by name, how many people: a fresh agent that knows nobody."""
