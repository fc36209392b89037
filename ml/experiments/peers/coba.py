"""coba: its LinUCB and LinTS learners; a candidate is an action given by its features."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from coba.learners import LinTSLearner, LinUCBLearner
from numpy.random import Generator

from ml.experiments.agent import Agent, Build
from ml.experiments.bandit import Bandit, MakeBandit
from ml.experiments.peers.keeps import Keeps
from ml.experiments.peers.own import Own
from ml.policy.base import Floats


def _learner(learning: str, width: float, features: list[int | str], seed: int) -> Any:
    if learning == "lints":
        return LinTSLearner(v=width, features=features, seed=seed)
    return LinUCBLearner(alpha=width, features=features, seed=seed)


class CobaAgent(Keeps):
    def __init__(self, make: Callable[[int], Any], personal: bool) -> None:
        self.name = "coba"
        self._own: Own[Any] = Own(make, personal)

    def act(self, person: int, x: Floats, rng: Generator, t_days: float) -> tuple[int, float]:
        """Alike candidates are one action to coba: whichever comes first is it."""
        actions = [tuple(row) for row in x.tolist()]
        action, probability = self._own.of(person).predict(None, actions)[:2]
        return actions.index(action), float(probability)

    def learn(
        self, person: int, x: Floats, chosen: int, reward: float, probability: float, t_days: float
    ) -> None:
        self._own.of(person).learn(None, tuple(x[chosen].tolist()), reward, probability)


class CobaBandit:
    def __init__(self, learner: Any, actions: int) -> None:
        self.name, self._learner = "coba", learner
        self._actions = [tuple(row) for row in np.eye(actions).tolist()]

    def act(self, context: Floats, rng: Generator) -> tuple[int, float]:
        action, probability = self._learner.predict(tuple(context.tolist()), self._actions)[:2]
        return self._actions.index(action), float(probability)

    def learn(self, context: Floats, action: int, reward: float, probability: float) -> None:
        self._learner.learn(tuple(context.tolist()), self._actions[action], reward, probability)


def coba_agent(learning: str, width: float, personal: bool, features: Sequence[str] = ("a",)) -> Build:
    """`features`: as coba spells them, `a` the candidate's, `aa` these crossed with each other."""

    def build(d: int, columns: Mapping[str, int], people: int) -> Agent:
        return CobaAgent(lambda seed: _learner(learning, width, list(features), seed), personal)

    return build


def coba_bandit(learning: str, width: float) -> MakeBandit:
    def make(actions: int, features: int) -> Bandit:
        return CobaBandit(_learner(learning, width, ["a", "ax"], 1), actions)

    return make
