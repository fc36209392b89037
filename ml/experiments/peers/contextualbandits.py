"""contextualbandits: LinUCB over arms. Among candidates these are kinds.

It asks for rewards of 0 or 1: one between is rounded at a half, or by chance so that its mean is kept. Where
bounds are made from nothing it can be told the reward itself, which it does not say.
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
    authors advise. It wants two arms; a second that is never there changes nothing."""
    return LinUCB(
        max(arms, 2),
        alpha=width,
        lambda_=ridge,
        use_float=False,
        ucb_from_empty=from_empty,
        beta_prior=None if from_empty else "auto",
        random_state=seed,
    )


class Rounded:
    """One policy, told 0 or 1, or the reward itself."""

    def __init__(self, policy: Any, seed: int, rounds: str) -> None:
        """`rounds`: at a `half`, by `chance`, or `not`."""
        self._policy, self._rounds = policy, rounds
        self._rng = Generator(Philox(key=seed))

    def scores(self, contexts: Floats) -> Floats:
        """Of each row, each arm. It adds its own intercept."""
        said: Floats = np.asarray(self._policy.decision_function(contexts), dtype=np.float64)
        return said

    def learn(self, context: Floats, arm: int, reward: float) -> None:
        """`reward` in [0, 1]."""
        if self._rounds != "not":
            reward = float(reward > (float(self._rng.random()) if self._rounds == "chance" else 0.5))
        self._policy.partial_fit(context[None, :], np.array([arm]), np.array([reward]))


class ContextualAgent(Keeps):
    def __init__(self, make: Callable[[int, int], Any], personal: bool, rounds: str, kinds: Kinds) -> None:
        self.name, self._kinds = "contextualbandits", kinds
        arms = kinds.arms
        self._own: Own[Rounded] = Own(lambda seed: Rounded(make(arms, seed), seed, rounds), personal)

    def act(self, person: int, x: Floats, rng: Generator, t_days: float) -> tuple[int, float]:
        scores = self._own.of(person).scores(self._kinds.contexts(x))
        return self._kinds.pick(x, scores, rng), 1.0

    def learn(
        self, person: int, x: Floats, chosen: int, reward: float, probability: float, t_days: float
    ) -> None:
        kind = int(self._kinds.of(x)[chosen])
        self._own.of(person).learn(self._kinds.context(x, chosen), kind, (reward + 1.0) / 2.0)


class ContextualBandit:
    def __init__(self, policy: Rounded) -> None:
        self.name, self._policy = "contextualbandits", policy

    def act(self, context: Floats, rng: Generator) -> tuple[int, float]:
        scores = self._policy.scores(context[None, :])[0]
        return int(rng.choice(np.flatnonzero(scores == scores.max()))), 1.0

    def learn(self, context: Floats, action: int, reward: float, probability: float) -> None:
        self._policy.learn(context, action, reward)


def contextual_agent(
    width: float, ridge: float, from_empty: bool, personal: bool, rounds: str, sees: str
) -> Build:
    def build(d: int, columns: Mapping[str, int], people: int) -> Agent:
        def make(arms: int, seed: int) -> Any:
            return _policy(width, ridge, from_empty, arms, seed)

        return ContextualAgent(make, personal, rounds, Kinds(columns, sees))

    return build


def contextual_bandit(width: float, ridge: float, from_empty: bool, rounds: str) -> MakeBandit:
    def make(actions: int, features: int) -> Bandit:
        return ContextualBandit(Rounded(_policy(width, ridge, from_empty, actions, 1), 1, rounds))

    return make
