"""What all linear policies have in common: sums with forgetting as state, a prior folded in on read."""

from collections.abc import Mapping, Sequence

import numpy as np

from ml.policy.base import Belief, Decision, Floats, Prior, State
from ml.policy.finite import SCALE, bounded
from ml.policy.inverse_gap import inverse_gap
from ml.policy.posterior import Assumed, Posterior, Unusable, flat, mean, spread
from ml.policy.sums import HALF_LIFE_DAYS, Sums, summed

EPSILON = 0.02
Changed = Mapping[str, tuple[float | None, float | None]]


class Linear:
    """`settings` are (value, default) by name: what is not as usual is named in the version."""

    def __init__(self, d: int, prior: Prior | None, half_life_days: float, settings: Changed) -> None:
        if not half_life_days > 0:
            raise ValueError(f"half_life_days must be above 0, got {half_life_days}.")
        self._d = d
        self._half_life_days = half_life_days
        self._made = "1" + _named({**settings, "half_life_days": (half_life_days, HALF_LIFE_DAYS)})
        self.state_version = "1" + _named({"half_life_days": (half_life_days, HALF_LIFE_DAYS)})
        self._assume(prior or flat(d))

    def _assume(self, prior: Prior) -> None:
        self._assumed = Assumed.of(prior, self._d)
        self.version = f"{self._made}+{prior.version}"

    @property
    def prior(self) -> Prior:
        return self._assumed.prior

    def fresh(self) -> Sums:
        return Sums.empty(self._d)

    def update(self, state: State, x: Floats, reward: float, t_days: float) -> Sums:
        return self.revise(state, x, None, reward, t_days)

    def revise(self, state: State, x: Floats, old: float | None, new: float | None, t_days: float) -> Sums:
        row = bounded(x)
        return summed(state).revised(row, _reward(old), _reward(new), t_days, self._half_life_days)

    def fit_prior(self, states: Sequence[State], t_days: float | None = None) -> None:
        """Each person for themselves: nothing is fitted."""

    def contributions(self, state: State, x: Floats, t_days: float | None = None) -> Floats:
        return bounded(x) * self._mean(state, t_days)

    def population(self, x: Floats) -> Decision:
        rows = bounded(x)
        theta = self._assumed.prior.mean
        return Decision(inverse_gap(rows @ theta), rows * theta, usable=False)

    def belief(self, state: State, t_days: float | None = None) -> Belief:
        """Of a posterior that cannot be used: the prior, with nothing lived."""
        prior, sums = self._assumed.prior, summed(state)
        sd = np.sqrt(np.diag(prior.cov))
        weight = sums.n * sums.kept(t_days, self._half_life_days)
        try:
            posterior = self._posterior(state, t_days)
            lived = (mean(posterior), spread(posterior), prior.mean, sd, weight)
        except Unusable:
            lived = (prior.mean, sd, prior.mean, sd, 0.0)
        return Belief(*lived, prior.version)

    def _posterior(self, state: State, t_days: float | None) -> Posterior:
        return self._assumed.read(summed(state), t_days, self._half_life_days)

    def _mean(self, state: State, t_days: float | None) -> Floats:
        """Of a posterior that cannot be used: the population's."""
        try:
            return mean(self._posterior(state, t_days))
        except Unusable:
            return self._assumed.prior.mean


def floored(shares: Floats, epsilon: float) -> Floats:
    """(1 − ε) of these shares, and ε for all alike."""
    return shares * (1.0 - epsilon) + epsilon / len(shares)


def checked_epsilon(epsilon: float) -> float:
    if not 0 < epsilon <= 1:
        raise ValueError(f"epsilon must lie in (0, 1], got {epsilon}.")
    return epsilon


def _reward(reward: float | None) -> float | None:
    """Rewards lie in ±1; what is not a number teaches nothing."""
    if reward is None or -SCALE <= reward <= SCALE:
        return reward
    return float(np.clip(np.nan_to_num(reward), -SCALE, SCALE))


def _named(settings: Changed) -> str:
    changed = sorted(name for name, (value, usual) in settings.items() if value != usual)
    return "".join(f",{name}={settings[name][0]}" for name in changed)
