"""river: `LinUCBDisjoint` over fixed arms; among candidates its Bayesian linear regression."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.random import Generator
from river import bandit, linear_model

from ml.experiments.agent import Agent, Build
from ml.experiments.bandit import Bandit, MakeBandit
from ml.experiments.peers.keeps import Keeps
from ml.experiments.peers.kinds import Kinds
from ml.experiments.peers.own import Own
from ml.policy.base import Floats


def _said(names: list[str], row: Floats) -> dict[str, float]:
    return dict(zip(names, row.tolist(), strict=True))


class RiverAgent(Keeps):
    """Explores as its rule says: an upper bound, a draw, or ε at random.

    `width` is in deviations of what is expected, the noise of a single reward (1/β) taken off; `as_said` is
    its LinUCB's own: one deviation, noise included.
    """

    def __init__(
        self,
        name: str,
        model: Callable[[], Any],
        rule: str,
        width: float,
        noise: float,
        personal: bool,
        by_kind: bool,
        columns: Mapping[str, int],
    ) -> None:
        self.name, self._rule, self._width, self._noise = name, rule, width, noise
        self._names = sorted(columns, key=columns.__getitem__)
        self._kinds = Kinds(columns, "candidate" if by_kind else "any")
        self._own: Own[list[Any]] = Own(lambda _: [model() for _ in range(self._kinds.arms)], personal)

    def act(self, person: int, x: Floats, rng: Generator, t_days: float) -> tuple[int, float]:
        models, k = self._own.of(person), len(x)
        asked = [
            (models[kind], _said(self._names, row)) for kind, row in zip(self._kinds.of(x), x, strict=True)
        ]
        if self._rule == "epsilon":
            scores = np.array([model.predict_one(row) for model, row in asked])
            best = scores == scores.max()
            p = (1 - self._width) * best / best.sum() + self._width / k
            chosen = int(rng.choice(k, p=p))
            return chosen, float(p[chosen])
        beliefs = [model.predict_one(row, with_dist=True) for model, row in asked]
        wide = np.array([b.sigma for b in beliefs])
        if self._rule != "as_said":
            wide = self._width * np.sqrt(np.maximum(wide**2 - self._noise, 0.0))
        if self._rule == "thompson":
            wide *= rng.normal(size=k)
        scores = np.array([b.mu for b in beliefs]) + wide
        best = np.flatnonzero(scores == scores.max())
        return int(rng.choice(best)), 1.0 / len(best)

    def learn(
        self, person: int, x: Floats, chosen: int, reward: float, probability: float, t_days: float
    ) -> None:
        model = self._own.of(person)[int(self._kinds.of(x)[chosen])]
        model.learn_one(_said(self._names, x[chosen]), reward)


class RiverBandit:
    def __init__(self, name: str, policy: Any, actions: int, features: int) -> None:
        self.name, self._policy = name, policy
        self._arms = list(range(actions))
        self._names = [f"f{i}" for i in range(features)] + ["intercept"]

    def act(self, context: Floats, rng: Generator) -> tuple[int, float]:
        return int(self._policy.pull(self._arms, context=_said(self._names, np.append(context, 1.0)))), 1.0

    def learn(self, context: Floats, action: int, reward: float, probability: float) -> None:
        self._policy.update(action, _said(self._names, np.append(context, 1.0)), reward)


def river_agent(
    rule: str, alpha: float, beta: float, personal: bool, by_kind: bool, width: float = 1.0
) -> Build:
    """One regression for all candidates, or one for each kind, as its `LinUCBDisjoint` would have it.

    `alpha` is the precision of the prior, `beta` that of the noise."""

    def model() -> Any:
        return linear_model.BayesianLinearRegression(alpha=alpha, beta=beta)

    def build(d: int, columns: Mapping[str, int], people: int) -> Agent:
        return RiverAgent("river", model, rule, width, 1.0 / beta, personal, by_kind, columns)

    return build


def river_bandit(alpha: float, beta: float) -> MakeBandit:
    def make(actions: int, features: int) -> Bandit:
        policy = bandit.LinUCBDisjoint(alpha=alpha, beta=beta, seed=1)
        return RiverBandit("river", policy, actions, features)

    return make
