"""`igw`: inverse-gap weighting over the ridge mean. No draws: the probabilities are a closed form."""

from collections.abc import Mapping

import numpy as np
from numpy.random import Generator

from ml.policy.base import Decision, Floats, Prior, State
from ml.policy.finite import bounded
from ml.policy.inverse_gap import GAMMA, inverse_gap
from ml.policy.linear import Linear
from ml.policy.posterior import Unusable, mean
from ml.policy.sums import HALF_LIFE_DAYS


class Igw(Linear):
    name = "igw"

    def __init__(
        self,
        d: int,
        prior: Prior | None,
        columns: Mapping[str, int],
        gamma: float = GAMMA,
        half_life_days: float = HALF_LIFE_DAYS,
    ) -> None:
        if not 0 <= gamma < np.inf:
            raise ValueError(f"gamma must be 0 or more, got {gamma}.")
        super().__init__(d, prior, half_life_days, {"gamma": (gamma, GAMMA)})
        self._gamma = gamma

    def choose(self, state: State, x: Floats, rng: Generator, t_days: float | None = None) -> Floats:
        return inverse_gap(bounded(x) @ self._mean(state, t_days), self._gamma)

    def decide(self, state: State, x: Floats, rng: Generator, t_days: float | None = None) -> Decision:
        rows = bounded(x)
        try:
            theta = mean(self._posterior(state, t_days))
        except Unusable:
            return self.population(x)
        return Decision(inverse_gap(rows @ theta, self._gamma), rows * theta)
