"""Our policy in the bake-off: `hb_ts` over contexts crossed with the action, a block of coefficients each.

Blocks never meet, so each action has sums of its own and is a "person" of the hierarchy. Scores are then
independent normals, and the draws are those of `hb_ts` on the crossed rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from ml.experiments.bandit import Bandit, MakeBandit
from ml.policy.base import Floats, Prior
from ml.policy.pooling import pooled
from ml.policy.posterior import Assumed, Posterior
from ml.policy.sums import Sums
from ml.policy.thompson import chances


@dataclass(frozen=True, slots=True)
class Settings:
    v: float = 0.25
    tau: float = 0.5
    """spread of a whole score before anything is known, shared out over the features"""
    noise_var: float = 0.25
    hope: float = 0.0
    """what an untried action is expected to earn"""
    epsilon: float = 0.02
    draws: int = 64
    half_life: float = float("inf")
    """in rewards of an action"""
    pools: bool = False


class Disjoint:
    def __init__(self, name: str, actions: int, features: int, settings: Settings) -> None:
        self.name = name
        self._s = settings
        d = features + 1
        mean = np.zeros(d)
        mean[-1] = settings.hope
        cov = np.eye(d) * settings.tau**2 / d
        cov[-1, -1] = settings.tau**2
        self._start = Prior(mean, cov, settings.noise_var, "bake-off")
        self._assumed = Assumed.of(self._start, d)
        self._sums = [Sums.empty(d) for _ in range(actions)]
        self._theta, self._cov = np.zeros((actions, d)), np.zeros((actions, d, d))
        for action in range(actions):
            self._read(action)
        self._rows = 0

    def _read(self, action: int) -> None:
        posterior = self._assumed.read(self._sums[action], None)
        self._cov[action] = np.linalg.inv(posterior.a)
        self._theta[action] = self._cov[action] @ posterior.b

    def probabilities(self, context: Floats, rng: Generator) -> Floats:
        row = np.append(context, 1.0)
        precision = 1.0 / np.maximum((self._cov @ row) @ row, 1e-12)
        scores = Posterior(np.diag(precision), precision * self.expected(context))
        return chances(scores, np.eye(len(precision)), rng, self._s.v, self._s.draws, self._s.epsilon)

    def expected(self, context: Floats) -> Floats:
        """What each action is thought to earn."""
        scores: Floats = self._theta @ np.append(context, 1.0)
        return scores

    def act(self, context: Floats, rng: Generator) -> tuple[int, float]:
        p = self.probabilities(context, rng)
        action = min(int(np.cumsum(p).searchsorted(rng.random(), side="right")), len(p) - 1)
        return action, float(p[action])

    def learn(self, context: Floats, action: int, reward: float, probability: float) -> None:
        self._rows += 1
        sums = self._sums[action]
        row = np.append(context, 1.0)
        self._sums[action] = sums.revised(row, None, reward, sums.last_t + 1.0, self._s.half_life)
        if self._s.pools and self._rows >= 64 and self._rows.bit_count() == 1:
            self._assumed = Assumed.of(pooled(self._start, self._sums, None, self._s.half_life), len(row))
            for other in range(len(self._sums)):
                self._read(other)
        else:
            self._read(action)


def disjoint(name: str, settings: Settings) -> MakeBandit:
    def make(actions: int, features: int) -> Bandit:
        return Disjoint(name, actions, features, settings)

    return make


PLAYERS: Mapping[str, MakeBandit] = {
    name: disjoint(name, settings)
    for name, settings in {
        "hb_ts": Settings(v=0.05, tau=0.5, noise_var=0.1, hope=1.5, epsilon=0.002),
        "hb_ts, set as for people": Settings(),
    }.items()
}
"""Tuned on seeds 0–9 like every peer. What differs from people: nobody's log needs a floor of 2 %, labels
hardly waver, and an action nobody has tried is worth trying."""
