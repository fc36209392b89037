"""contextualbandits: LinUCB over arms, rewards 0 or 1 only. Among candidates it picks a kind.

A reward between is rounded by chance with that chance, so its mean is kept; or at a half.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from contextualbandits.online import LinUCB
from numpy.random import Generator, Philox

from ml.experiments.agent import Agent, Build
from ml.experiments.bandit import Bandit, MakeBandit
from ml.experiments.peers.keeps import Keeps
from ml.experiments.peers.kinds import Kinds
from ml.experiments.peers.own import Own
from ml.policy.base import Floats


def _policy(width: float, ridge: float, from_empty: bool, arms: int, seed: int) -> Any:
    """`from_empty`: bounds for arms without a reward (the reference's way); else draws from a beta, as its
    authors advise."""
    return LinUCB(
        arms,
        alpha=width,
        lambda_=ridge,
        use_float=False,
        ucb_from_empty=from_empty,
        beta_prior=None if from_empty else "auto",
        random_state=seed,
    )


class Rounded:
    """One policy, told 0 or 1."""

    def __init__(self, policy: Any, seed: int, by_chance: bool) -> None:
        self._policy, self._by_chance = policy, by_chance
        self._rng = Generator(Philox(key=seed))

    def scores(self, context: Floats) -> Floats:
        said: Floats = np.asarray(self._policy.decision_function(context[None, :]), dtype=np.float64)[0]
        return said

    def learn(self, context: Floats, arm: int, reward: float) -> None:
        """`reward` in [0, 1]."""
        edge = float(self._rng.random()) if self._by_chance else 0.5
        self._policy.partial_fit(context[None, :], np.array([arm]), np.array([float(reward > edge)]))


class ContextualAgent(Keeps):
    def __init__(
        self, make: Callable[[int, int], Any], personal: bool, by_chance: bool, columns: Mapping[str, int]
    ) -> None:
        self.name = "contextualbandits"
        self._kinds = Kinds(columns)
        arms = self._kinds.arms
        self._own: Own[Rounded] = Own(lambda seed: Rounded(make(arms, seed), seed, by_chance), personal)

    def _context(self, x: Floats) -> Floats:
        """It adds its own intercept."""
        return self._kinds.context(x)[:-1]

    def act(self, person: int, x: Floats, rng: Generator, t_days: float) -> tuple[int, float]:
        kinds = self._kinds.of(x)
        scores = self._own.of(person).scores(self._context(x))
        there = np.unique(kinds)
        best = there[scores[there] == scores[there].max()]
        return self._kinds.inside(x, kinds, int(rng.choice(best)), rng), 1.0

    def learn(
        self, person: int, x: Floats, chosen: int, reward: float, probability: float, t_days: float
    ) -> None:
        kind = int(self._kinds.of(x)[chosen])
        self._own.of(person).learn(self._context(x), kind, (reward + 1.0) / 2.0)


class ContextualBandit:
    def __init__(self, policy: Rounded) -> None:
        self.name, self._policy = "contextualbandits", policy

    def act(self, context: Floats, rng: Generator) -> tuple[int, float]:
        scores = self._policy.scores(context)
        return int(rng.choice(np.flatnonzero(scores == scores.max()))), 1.0

    def learn(self, context: Floats, action: int, reward: float, probability: float) -> None:
        self._policy.learn(context, action, reward)


def contextual_agent(width: float, ridge: float, from_empty: bool, personal: bool, by_chance: bool) -> Build:
    def build(d: int, columns: Mapping[str, int], people: int) -> Agent:
        def make(arms: int, seed: int) -> Any:
            return _policy(width, ridge, from_empty, arms, seed)

        return ContextualAgent(make, personal, by_chance, columns)

    return build


def contextual_bandit(width: float, ridge: float, from_empty: bool, by_chance: bool) -> MakeBandit:
    def make(actions: int, features: int) -> Bandit:
        return ContextualBandit(Rounded(_policy(width, ridge, from_empty, actions, 1), 1, by_chance))

    return make
