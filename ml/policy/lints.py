"""`lints`: Thompson sampling from the full posterior of one person, with a floor for all.

It is `hb_ts` with v = 1 from the first reward on and without a population, kept apart to stay what it is.
"""

from collections.abc import Mapping

import numpy as np
from numpy.random import Generator

from ml.policy.base import Decision, Floats, Prior, State
from ml.policy.finite import bounded
from ml.policy.inverse_gap import inverse_gap
from ml.policy.linear import EPSILON, Linear, checked_epsilon
from ml.policy.posterior import Unusable, beneath
from ml.policy.sums import HALF_LIFE_DAYS
from ml.policy.thompson import chances, chances_from

DRAWS = 64


class LinTs(Linear):
    name = "lints"

    def __init__(
        self,
        d: int,
        prior: Prior | None,
        columns: Mapping[str, int],
        draws: int = DRAWS,
        epsilon: float = EPSILON,
        half_life_days: float = HALF_LIFE_DAYS,
    ) -> None:
        if draws < 1:
            raise ValueError(f"draws must be at least 1, got {draws}.")
        settings = {"draws": (draws, DRAWS), "epsilon": (epsilon, EPSILON)}
        super().__init__(d, prior, half_life_days, settings)
        self._draws, self._epsilon = draws, checked_epsilon(epsilon)

    def choose(self, state: State, x: Floats, rng: Generator, t_days: float | None = None) -> Floats:
        if len(x) == 0:
            return np.zeros(0)
        rows = bounded(x)
        try:
            posterior = self._posterior(state, t_days)
            return chances(posterior, rows, rng, 1.0, self._draws, self._epsilon)
        except Unusable:
            return inverse_gap(rows @ self._assumed.prior.mean)

    def decide(self, state: State, x: Floats, rng: Generator, t_days: float | None = None) -> Decision:
        if len(x) == 0:
            return Decision(np.zeros(0), x)
        rows = bounded(x)
        try:
            left, centre = beneath(self._posterior(state, t_days), None)
        except Unusable:
            return self.population(x)
        p = chances_from(left, centre, rows, rng, 1.0, self._draws, self._epsilon)
        return Decision(p, rows * left.dot(centre))
