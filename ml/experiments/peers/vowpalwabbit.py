"""Vowpal Wabbit: `--cb_explore_adf` over named features; rewards become costs in [0, 1].

Feature names are never purely numeric (VW would read them as places in its table). The person is a namespace
of its own, crossed with the features of the candidate; so may its kind be.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.random import Generator
from vowpalwabbit import Workspace

from ml.experiments.agent import Agent, Build
from ml.experiments.bandit import Bandit, MakeBandit
from ml.experiments.peers.keeps import Keeps
from ml.experiments.peers.kinds import Kinds
from ml.policy.base import Floats

COMMON = "--cb_explore_adf --cb_min_cost 0 --cb_max_cost 1 --random_seed 1 --quiet"
EXPLORATION = {
    "squarecb": "--squarecb --gamma_scale {width}",
    "regcb": "--regcb --mellowness {width}",
    "regcbopt": "--regcbopt --mellowness {width}",
    "cover": "--cover 5 --psi {width}",
    "epsilon": "--epsilon {width}",
}


def _workspace(explores: str, width: float, rate: float, cb_type: str, words: str) -> Any:
    said = EXPLORATION[explores].format(width=width)
    return Workspace(f"{COMMON} --cb_type {cb_type} {said} --learning_rate {rate} {words}")


def _features(names: Sequence[str], values: Floats) -> str:
    return " ".join(f"{names[i]}:{values[i]:.6g}" for i in np.flatnonzero(values).tolist())


def _drawn(shares: Sequence[float], rng: Generator) -> tuple[int, float]:
    p = np.asarray(shares, dtype=np.float64)
    edges = np.cumsum(p)
    index = min(int(edges.searchsorted(rng.random() * edges[-1], side="right")), len(p) - 1)
    return index, float(p[index] / edges[-1])


def _labelled(lines: list[str], at: int, cost: float, probability: float) -> list[str]:
    """`lines` begin with the shared one."""
    labelled = lines.copy()
    labelled[at + 1] = f"0:{cost:.6g}:{probability:.6g} {lines[at + 1]}"
    return labelled


class VwAgent(Keeps):
    def __init__(self, name: str, workspace: Any, columns: Mapping[str, int]) -> None:
        self.name, self._vw, self._kinds = name, workspace, Kinds(columns, "candidate")
        self._names = sorted(columns, key=columns.__getitem__)

    def _lines(self, person: int, x: Floats) -> list[str]:
        rows = zip(self._kinds.of(x), x, strict=True)
        said = (f"|k kind{kind} |a {_features(self._names, row)}" for kind, row in rows)
        return [f"shared |u person{person}", *said]

    def act(self, person: int, x: Floats, rng: Generator, t_days: float) -> tuple[int, float]:
        return _drawn(self._vw.predict(self._lines(person, x)), rng)

    def learn(
        self, person: int, x: Floats, chosen: int, reward: float, probability: float, t_days: float
    ) -> None:
        cost = min(max((1.0 - reward) / 2.0, 0.0), 1.0)
        self._vw.learn(_labelled(self._lines(person, x), chosen, cost, probability))


class VwBandit:
    def __init__(self, name: str, workspace: Any, actions: int, features: int) -> None:
        self.name, self._vw = name, workspace
        self._names = [f"f{i}" for i in range(features)]
        self._actions = [f"|a action{i}" for i in range(actions)]

    def _lines(self, context: Floats) -> list[str]:
        return [f"shared |x {_features(self._names, context)}", *self._actions]

    def act(self, context: Floats, rng: Generator) -> tuple[int, float]:
        return _drawn(self._vw.predict(self._lines(context)), rng)

    def learn(self, context: Floats, action: int, reward: float, probability: float) -> None:
        self._vw.learn(_labelled(self._lines(context), action, 1.0 - reward, probability))


def vw_agent(
    explores: str,
    width: float,
    rate: float,
    personal: bool,
    by_kind: bool = False,
    cb_type: str = "mtr",
    also: str = "",
) -> Build:
    """`by_kind`: features count for each kind apart as well. `also`: further words of its command line."""
    crossed = [*(["ua"] if personal else []), *(["ka"] if by_kind else [])]
    words = " ".join(["--ignore_linear u --ignore_linear k", *(f"--quadratic {c}" for c in crossed), also])

    def build(d: int, columns: Mapping[str, int], people: int) -> Agent:
        return VwAgent(f"vw_{explores}", _workspace(explores, width, rate, cb_type, words), columns)

    return build


def vw_bandit(explores: str, width: float, rate: float, cb_type: str = "mtr", also: str = "") -> MakeBandit:
    words = f"--quadratic xa --ignore_linear x {also}"

    def make(actions: int, features: int) -> Bandit:
        workspace = _workspace(explores, width, rate, cb_type, words)
        return VwBandit(f"vw_{explores}", workspace, actions, features)

    return make
