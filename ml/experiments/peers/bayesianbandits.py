"""bayesianbandits: normal-inverse-gamma regression with upper bounds or Thompson sampling.

Among candidates one learner is shared and a featurizer hands it each candidate's row; over fixed arms each
has a learner of its own. Both are the package's own agents.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from bayesianbandits import (
    Arm,
    ContextualAgent,
    FunctionArmFeaturizer,
    LipschitzContextualAgent,
    NormalInverseGammaRegressor,
    ThompsonSampling,
    UpperConfidenceBound,
)
from numpy.random import Generator
from numpy.typing import NDArray

from ml.experiments.agent import Agent, Build
from ml.experiments.bandit import Bandit, MakeBandit
from ml.experiments.peers.keeps import Keeps
from ml.experiments.peers.own import Own
from ml.policy.base import Floats


def _policy(explores: str, quantile: float, samples: int) -> Any:
    return ThompsonSampling() if explores == "ts" else UpperConfidenceBound(quantile, samples)


def _regressor(precision: float, a: float, b: float, seed: int) -> Any:
    return NormalInverseGammaRegressor(lam=precision, a=a, b=b, random_state=seed)


class BayesianAgent(Keeps):
    """An agent per number of candidates, all on the same learner."""

    def __init__(self, settings: Mapping[str, Any], personal: bool, d: int) -> None:
        self.name = "bayesianbandits"
        self._d, self._explore = d, (settings["explores"], settings["quantile"], settings["samples"])
        nig = settings["precision"], settings["a"], settings["b"]
        self._own: Own[Any] = Own(lambda seed: _regressor(*nig, seed), personal)
        self._agents: dict[tuple[int, int], Any] = {}

    def _agent(self, learner: Any, k: int) -> Any:
        key = (id(learner), k)
        if key not in self._agents:
            self._agents[key] = LipschitzContextualAgent(
                [Arm(i, learner=None) for i in range(k)],
                _policy(*self._explore),
                FunctionArmFeaturizer(self._rows),
                learner,
                random_seed=k,
            )
        return self._agents[key]

    def _rows(self, x: Any, tokens: Sequence[int]) -> NDArray[np.float64]:
        """The context is all candidates' rows end to end; an arm's features are its own."""
        cube: NDArray[np.float64] = np.asarray(x).reshape(len(x), -1, self._d)[:, list(tokens), :]
        return cube.transpose(0, 2, 1)

    def act(self, person: int, x: Floats, rng: Generator, t_days: float) -> tuple[int, float]:
        agent = self._agent(self._own.of(person), len(x))
        return int(agent.pull(x.reshape(1, -1))[0]), 1.0

    def learn(
        self, person: int, x: Floats, chosen: int, reward: float, probability: float, t_days: float
    ) -> None:
        agent = self._agent(self._own.of(person), len(x))
        agent.select_for_update(chosen).update(x.reshape(1, -1), np.array([reward]))


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
    quantile: float = 0.68,
    precision: float = 1.0,
    a: float = 0.1,
    b: float = 0.1,
    samples: int = 1000,
) -> Build:
    settings = {"explores": explores, "quantile": quantile, "precision": precision, "a": a, "b": b}

    def build(d: int, columns: Mapping[str, int], people: int) -> Agent:
        return BayesianAgent({**settings, "samples": samples}, personal, d)

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
