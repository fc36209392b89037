"""mabwiser: a linear policy over arms. It knows no features of arms, so among candidates it picks a kind."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from mabwiser.mab import MAB, LearningPolicy
from numpy.random import Generator

from ml.experiments.agent import Agent, Build
from ml.experiments.bandit import Bandit, MakeBandit
from ml.experiments.peers.keeps import Keeps
from ml.experiments.peers.kinds import Kinds
from ml.experiments.peers.own import Own
from ml.policy.base import Floats


def _mab(learning: str, width: float, ridge: float, arms: int, seed: int) -> Any:
    policies = {
        "linucb": lambda: LearningPolicy.LinUCB(alpha=width, l2_lambda=ridge),
        "lints": lambda: LearningPolicy.LinTS(alpha=width, l2_lambda=ridge),
        "lingreedy": lambda: LearningPolicy.LinGreedy(epsilon=width, l2_lambda=ridge),
    }
    return MAB(arms=list(range(arms)), learning_policy=policies[learning](), seed=seed)


class Mab:
    """One MAB; before its first reward it has no opinion, so it draws."""

    def __init__(self, mab: Any, arms: int) -> None:
        self._mab, self._arms, self._fitted = mab, arms, False

    def scores(self, context: Floats, rng: Generator) -> Floats:
        if not self._fitted:
            return rng.random(self._arms)
        said = self._mab.predict_expectations(context[None, :])
        return np.array([said[arm] for arm in range(self._arms)], dtype=np.float64)

    def learn(self, context: Floats, arm: int, reward: float) -> None:
        fit = self._mab.partial_fit if self._fitted else self._mab.fit
        fit(decisions=[arm], rewards=[reward], contexts=context[None, :])
        self._fitted = True


class MabwiserAgent(Keeps):
    def __init__(self, make: Callable[[int, int], Any], personal: bool, columns: Mapping[str, int]) -> None:
        self.name = "mabwiser"
        self._kinds = Kinds(columns)
        arms = self._kinds.arms
        self._own: Own[Mab] = Own(lambda seed: Mab(make(arms, seed), arms), personal)

    def act(self, person: int, x: Floats, rng: Generator, t_days: float) -> tuple[int, float]:
        kinds = self._kinds.of(x)
        scores = self._own.of(person).scores(self._kinds.context(x), rng)
        there = np.unique(kinds)
        best = there[scores[there] == scores[there].max()]
        return self._kinds.inside(x, kinds, int(rng.choice(best)), rng), 1.0

    def learn(
        self, person: int, x: Floats, chosen: int, reward: float, probability: float, t_days: float
    ) -> None:
        kind = int(self._kinds.of(x)[chosen])
        self._own.of(person).learn(self._kinds.context(x), kind, reward)


class MabwiserBandit:
    def __init__(self, mab: Mab) -> None:
        self.name, self._mab = "mabwiser", mab

    def act(self, context: Floats, rng: Generator) -> tuple[int, float]:
        scores = self._mab.scores(np.append(context, 1.0), rng)
        return int(rng.choice(np.flatnonzero(scores == scores.max()))), 1.0

    def learn(self, context: Floats, action: int, reward: float, probability: float) -> None:
        self._mab.learn(np.append(context, 1.0), action, reward)


def mabwiser_agent(learning: str, width: float, ridge: float, personal: bool) -> Build:
    def build(d: int, columns: Mapping[str, int], people: int) -> Agent:
        return MabwiserAgent(lambda arms, seed: _mab(learning, width, ridge, arms, seed), personal, columns)

    return build


def mabwiser_bandit(learning: str, width: float, ridge: float) -> MakeBandit:
    def make(actions: int, features: int) -> Bandit:
        return MabwiserBandit(Mab(_mab(learning, width, ridge, actions, 1), actions))

    return make
