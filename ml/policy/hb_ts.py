"""`hb_ts`: hierarchical Bayes and tempered Thompson sampling.

A person's sums are read on top of the population's prior; M draws of the posterior vote, tempered by v and
the more so the less is known of the person. p is the share of draws a candidate wins, with a floor for all;
what is returned is what is drawn from.
"""

from collections.abc import Mapping, Sequence
from math import sqrt

import numpy as np
from numpy.random import Generator

from ml.policy.base import Decision, Floats, Prior, State
from ml.policy.finite import bounded
from ml.policy.inverse_gap import inverse_gap
from ml.policy.linear import EPSILON, Linear, checked_epsilon
from ml.policy.pooling import pooled
from ml.policy.posterior import Unusable, beneath
from ml.policy.sums import HALF_LIFE_DAYS, summed
from ml.policy.thompson import chances, chances_from

V = 0.25
RIPE = 40.0
"""Rewards with which half of v² is reached: of somebody new the best guess is what people have in common."""
DRAWS = 64


class HbTs(Linear):
    name = "hb_ts"

    def __init__(
        self,
        d: int,
        prior: Prior | None,
        columns: Mapping[str, int],
        v: float = V,
        ripe: float = RIPE,
        draws: int = DRAWS,
        epsilon: float = EPSILON,
        half_life_days: float = HALF_LIFE_DAYS,
    ) -> None:
        if not 0 <= v < np.inf or not 0 <= ripe < np.inf or draws < 1:
            raise ValueError(
                f"v and ripe must be 0 or more and draws at least 1, got v={v}, ripe={ripe}, draws={draws}."
            )
        settings = {"v": (v, V), "ripe": (ripe, RIPE), "draws": (draws, DRAWS), "epsilon": (epsilon, EPSILON)}
        super().__init__(d, prior, half_life_days, settings)
        self._made_with = self._assumed.prior
        self._v, self._ripe, self._draws, self._epsilon = v, ripe, draws, checked_epsilon(epsilon)

    def choose(self, state: State, x: Floats, rng: Generator, t_days: float | None = None) -> Floats:
        if len(x) == 0:
            return np.zeros(0)
        rows = bounded(x)
        try:
            posterior, v = self._posterior(state, t_days), self.tempered(state, t_days)
            return chances(posterior, rows, rng, v, self._draws, self._epsilon)
        except Unusable:
            return inverse_gap(rows @ self._assumed.prior.mean)

    def decide(self, state: State, x: Floats, rng: Generator, t_days: float | None = None) -> Decision:
        """The person's matrix is factorised once, for the weights and for the draws."""
        if len(x) == 0:
            return Decision(np.zeros(0), x)
        rows = bounded(x)
        try:
            left, centre = beneath(self._posterior(state, t_days), None)
        except Unusable:
            return self.population(x)
        theta: Floats = left.dot(centre)
        v = self.tempered(state, t_days)
        p = chances_from(left, centre, rows, rng, v, self._draws, self._epsilon)
        return Decision(p, rows * theta)

    def tempered(self, state: State, t_days: float | None) -> float:
        """v·√(n/(n + ripe)): draws spread as a person's own rewards come in, and less as they fade."""
        sums = summed(state)
        lived = sums.n * sums.kept(t_days, self._half_life_days)
        return self._v * sqrt(lived / (lived + self._ripe)) if lived > 0 else self._v * (self._ripe == 0)

    def fit_prior(self, states: Sequence[State], t_days: float | None = None) -> None:
        """From what it was made with, never from the last fit: who has left leaves no trace."""
        prior = pooled(self._made_with, [summed(state) for state in states], t_days, self._half_life_days)
        self._assume(prior)

    def assume(self, prior: Prior) -> None:
        """Another prior, for decisions from now on; `version` names it."""
        self._assume(prior)
