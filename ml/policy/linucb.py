"""`linucb`: the best upper confidence bound, over all columns. Equals share; a floor for all."""

from collections.abc import Mapping

import numpy as np
from numpy.random import Generator

from ml.policy.base import Decision, Floats, Prior, State
from ml.policy.finite import bounded
from ml.policy.linear import EPSILON, Linear, checked_epsilon, floored
from ml.policy.posterior import Posterior, Unusable, mean
from ml.policy.sums import HALF_LIFE_DAYS

ALPHA = 1.0


class LinUcb(Linear):
    """`alpha` is the bound's distance in standard deviations of the posterior."""

    name = "linucb"

    def __init__(
        self,
        d: int,
        prior: Prior | None,
        columns: Mapping[str, int],
        alpha: float = ALPHA,
        epsilon: float = EPSILON,
        half_life_days: float = HALF_LIFE_DAYS,
    ) -> None:
        if not 0 <= alpha < np.inf:
            raise ValueError(f"alpha must be 0 or more, got {alpha}.")
        settings = {"alpha": (alpha, ALPHA), "epsilon": (epsilon, EPSILON)}
        super().__init__(d, prior, half_life_days, settings)
        self._alpha, self._epsilon = alpha, checked_epsilon(epsilon)

    def choose(self, state: State, x: Floats, rng: Generator, t_days: float | None = None) -> Floats:
        if len(x) == 0:
            return np.zeros(0)
        return self._best(self.contributions(state, x, t_days))

    def decide(self, state: State, x: Floats, rng: Generator, t_days: float | None = None) -> Decision:
        """Its scores are upper bounds of what it expects."""
        if len(x) == 0:
            return Decision(np.zeros(0), x)
        rows = bounded(x)
        try:
            added = rows * self._optimistic(rows, self._posterior(state, t_days))
        except Unusable:
            return self.population(x)
        return Decision(self._best(added), added)

    def _best(self, added: Floats) -> Floats:
        scores = added.sum(axis=1)
        best = scores >= scores.max() - 1e-9
        return floored(best / best.sum(), self._epsilon)

    def contributions(self, state: State, x: Floats, t_days: float | None = None) -> Floats:
        """The bonus is shared out as well: α√(x'Vx) = Σ_j x_j · α(Vx)_j/√(x'Vx)."""
        rows = bounded(x)
        try:
            return rows * self._optimistic(rows, self._posterior(state, t_days))
        except Unusable:
            return rows * self._assumed.prior.mean

    def _optimistic(self, rows: Floats, posterior: Posterior) -> Floats:
        """For each row the coefficients at which its score is its upper bound."""
        theta = mean(posterior)
        spread = np.linalg.solve(posterior.a, rows.T).T
        width = np.sqrt(np.maximum((rows * spread).sum(axis=1), 1e-30))
        optimistic: Floats = theta + self._alpha * spread / width[:, None]
        return optimistic
