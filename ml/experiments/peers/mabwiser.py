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


def _with_intercept(contexts: Floats) -> Floats:
    return np.column_stack([contexts, np.ones(len(contexts))])


class Mab:
    """One MAB, told an intercept; before its first reward it has no opinion, so it draws."""

    def __init__(self, mab: Any, arms: int) -> None:
        self._mab, self._arms, self._fitted = mab, arms, False

    def scores(self, contexts: Floats, rng: Generator) -> Floats:
        """Of each row, each arm."""
        if not self._fitted:
            return rng.random((len(contexts), self._arms))
        said = self._mab.predict_expectations(_with_intercept(contexts))
        rows = said if isinstance(said, list) else [said]
        return np.array([[row[arm] for arm in range(self._arms)] for row in rows], dtype=np.float64)

    def learn(self, context: Floats, arm: int, reward: float) -> None:
        fit = self._mab.partial_fit if self._fitted else self._mab.fit
        fit(decisions=[arm], rewards=[reward], contexts=_with_intercept(context[None, :]))
        self._fitted = True


class MabwiserAgent(Keeps):
    def __init__(self, make: Callable[[int, int], Any], personal: bool, kinds: Kinds) -> None:
        self.name, self._kinds = "mabwiser", kinds
        arms = kinds.arms
        self._own: Own[Mab] = Own(lambda seed: Mab(make(arms, seed), arms), personal)

    def act(self, person: int, x: Floats, rng: Generator, t_days: float) -> tuple[int, float]:
        scores = self._own.of(person).scores(self._kinds.contexts(x), rng)
        return self._kinds.pick(x, scores, rng), 1.0

    def learn(
        self, person: int, x: Floats, chosen: int, reward: float, probability: float, t_days: float
    ) -> None:
        kind = int(self._kinds.of(x)[chosen])
        self._own.of(person).learn(self._kinds.context(x, chosen), kind, reward)


class MabwiserBandit:
    def __init__(self, mab: Mab) -> None:
        self.name, self._mab = "mabwiser", mab

    def act(self, context: Floats, rng: Generator) -> tuple[int, float]:
        scores = self._mab.scores(context[None, :], rng)[0]
        return int(rng.choice(np.flatnonzero(scores == scores.max()))), 1.0

    def learn(self, context: Floats, action: int, reward: float, probability: float) -> None:
        self._mab.learn(context, action, reward)


def mabwiser_agent(learning: str, width: float, ridge: float, personal: bool, sees: str) -> Build:
    def build(d: int, columns: Mapping[str, int], people: int) -> Agent:
        def made(arms: int, seed: int) -> Any:
            return _mab(learning, width, ridge, arms, seed)

        return MabwiserAgent(made, personal, Kinds(columns, sees))

    return build


def mabwiser_bandit(learning: str, width: float, ridge: float) -> MakeBandit:
    def make(actions: int, features: int) -> Bandit:
        return MabwiserBandit(Mab(_mab(learning, width, ridge, actions, 1), actions))

    return make
