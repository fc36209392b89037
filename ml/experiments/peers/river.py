"""river: `LinUCBDisjoint` over fixed arms; among candidates its Bayesian linear regression."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.random import Generator
from river import bandit, linear_model

from ml.experiments.agent import Agent, Build
from ml.experiments.bandit import Bandit, MakeBandit
from ml.experiments.peers.keeps import Keeps
from ml.experiments.peers.own import Own
from ml.policy.base import Floats


def _said(names: list[str], row: Floats) -> dict[str, float]:
    return dict(zip(names, row.tolist(), strict=True))


class RiverAgent(Keeps):
    """Explores as its rule says: the upper bound (as its LinUCB has it), a draw, or ε at random."""

    def __init__(
        self,
        name: str,
        model: Callable[[], Any],
        rule: str,
        epsilon: float,
        personal: bool,
        columns: Mapping[str, int],
    ) -> None:
        self.name, self._rule, self._epsilon = name, rule, epsilon
        self._names = sorted(columns, key=columns.__getitem__)
        self._own: Own[Any] = Own(lambda _: model(), personal)

    def act(self, person: int, x: Floats, rng: Generator, t_days: float) -> tuple[int, float]:
        model, k = self._own.of(person), len(x)
        rows = [_said(self._names, row) for row in x]
        if self._rule == "epsilon":
            scores = np.array([model.predict_one(row) for row in rows])
            best = scores == scores.max()
            p = (1 - self._epsilon) * best / best.sum() + self._epsilon / k
            chosen = int(rng.choice(k, p=p))
            return chosen, float(p[chosen])
        beliefs = [model.predict_one(row, with_dist=True) for row in rows]
        if self._rule == "thompson":
            scores = np.array([b.mu + b.sigma * z for b, z in zip(beliefs, rng.normal(size=k), strict=True)])
        else:
            scores = np.array([b.mu + b.sigma for b in beliefs])
        best = np.flatnonzero(scores == scores.max())
        return int(rng.choice(best)), 1.0 / len(best)

    def learn(
        self, person: int, x: Floats, chosen: int, reward: float, probability: float, t_days: float
    ) -> None:
        self._own.of(person).learn_one(_said(self._names, x[chosen]), reward)


class RiverBandit:
    def __init__(self, name: str, policy: Any, actions: int, features: int) -> None:
        self.name, self._policy = name, policy
        self._arms = list(range(actions))
        self._names = [f"f{i}" for i in range(features)] + ["intercept"]

    def act(self, context: Floats, rng: Generator) -> tuple[int, float]:
        return int(self._policy.pull(self._arms, context=_said(self._names, np.append(context, 1.0)))), 1.0

    def learn(self, context: Floats, action: int, reward: float, probability: float) -> None:
        self._policy.update(action, _said(self._names, np.append(context, 1.0)), reward)


def river_agent(rule: str, alpha: float, beta: float, personal: bool, epsilon: float = 0.0) -> Build:
    """`alpha` is what river divides a prior precision of 1 by, `beta` the precision of the noise."""

    def model() -> Any:
        return linear_model.BayesianLinearRegression(alpha=alpha, beta=beta)

    def build(d: int, columns: Mapping[str, int], people: int) -> Agent:
        return RiverAgent("river", model, rule, epsilon, personal, columns)

    return build


def river_bandit(alpha: float, beta: float) -> MakeBandit:
    def make(actions: int, features: int) -> Bandit:
        policy = bandit.LinUCBDisjoint(alpha=alpha, beta=beta, seed=1)
        return RiverBandit("river", policy, actions, features)

    return make
