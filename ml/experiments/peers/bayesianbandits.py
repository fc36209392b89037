"""bayesianbandits: normal-inverse-gamma regression with upper bounds or Thompson sampling.

Among candidates its regression is asked about each candidate's row, for its agents take one context for all
arms; over fixed arms they play themselves, each arm with a learner of its own.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from bayesianbandits import (
    Arm,
    ContextualAgent,
    NormalInverseGammaRegressor,
    ThompsonSampling,
    UpperConfidenceBound,
)
from numpy.random import Generator

from ml.experiments.agent import Agent, Build
from ml.experiments.bandit import Bandit, MakeBandit
from ml.experiments.peers.keeps import Keeps
from ml.experiments.peers.kinds import Kinds
from ml.experiments.peers.own import Own
from ml.policy.base import Floats


def _policy(explores: str, quantile: float, samples: int) -> Any:
    return ThompsonSampling() if explores == "ts" else UpperConfidenceBound(quantile, samples)


def _regressor(precision: float, a: float, b: float, seed: int) -> Any:
    return NormalInverseGammaRegressor(lam=precision, a=a, b=b, random_state=seed)


class BayesianAgent(Keeps):
    """Its regression for all candidates, or one for each kind; explores as its policies do."""

    def __init__(self, settings: Mapping[str, Any], personal: bool, kinds: Kinds) -> None:
        self.name, self._kinds = "bayesianbandits", kinds
        self._explores, self._quantile = settings["explores"], settings["quantile"]
        self._samples = settings["samples"] if self._explores == "ucb" else 1
        nig = settings["precision"], settings["a"], settings["b"]
        self._own: Own[list[Any]] = Own(
            lambda seed: [_regressor(*nig, seed * kinds.arms + arm) for arm in range(kinds.arms)], personal
        )

    def act(self, person: int, x: Floats, rng: Generator, t_days: float) -> tuple[int, float]:
        learners, of = self._own.of(person), self._kinds.of(x)
        drawn = np.empty((self._samples, len(x)))
        for kind in np.unique(of).tolist():
            drawn[:, of == kind] = learners[kind].sample(x[of == kind], self._samples)
        scores = drawn[0] if self._explores == "ts" else np.quantile(drawn, self._quantile, axis=0)
        return int(rng.choice(np.flatnonzero(scores == scores.max()))), 1.0

    def learn(
        self, person: int, x: Floats, chosen: int, reward: float, probability: float, t_days: float
    ) -> None:
        learner = self._own.of(person)[int(self._kinds.of(x)[chosen])]
        learner.partial_fit(x[chosen : chosen + 1], np.array([reward]))


class BayesianBandit:
    def __init__(self, agent: Any) -> None:
        self.name, self._agent = "bayesianbandits", agent

    def act(self, context: Floats, rng: Generator) -> tuple[int, float]:
        return int(self._agent.pull(np.append(context, 1.0)[None, :])[0]), 1.0

    def learn(self, context: Floats, action: int, reward: float, probability: float) -> None:
        row = np.append(context, 1.0)[None, :]
        self._agent.select_for_update(action).update(row, np.array([reward]))


def bayesian_agent(
    explores: str,
    personal: bool,
    by_kind: bool = False,
    quantile: float = 0.68,
    precision: float = 1.0,
    a: float = 0.1,
    b: float = 0.1,
    samples: int = 1000,
) -> Build:
    settings = {"explores": explores, "quantile": quantile, "precision": precision, "a": a, "b": b}

    def build(d: int, columns: Mapping[str, int], people: int) -> Agent:
        kinds = Kinds(columns, "candidate" if by_kind else "any")
        return BayesianAgent({**settings, "samples": samples}, personal, kinds)

    return build


def bayesian_bandit(
    explores: str,
    quantile: float = 0.68,
    precision: float = 1.0,
    a: float = 0.1,
    b: float = 0.1,
    samples: int = 1000,
) -> MakeBandit:
    def make(actions: int, features: int) -> Bandit:
        arms = [Arm(i, learner=_regressor(precision, a, b, i)) for i in range(actions)]
        return BayesianBandit(ContextualAgent(arms, _policy(explores, quantile, samples), random_seed=1))

    return make
