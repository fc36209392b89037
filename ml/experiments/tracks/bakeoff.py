"""Track A: classification as a bandit, one pass, progressive validation loss.

A row is a decision: the player sees the context, names an action, and learns what that one earned. Loss is
1 − the reward of what it did, before it learned from it.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from time import process_time

from numpy.random import Generator, Philox

from ml.experiments.bandit import Bandit, MakeBandit
from ml.experiments.marks import Section
from ml.experiments.runs import Line, Unit, made_of
from ml.experiments.tracks.bakeoff_judge import judged
from ml.experiments.tracks.disjoint import PLAYERS
from ml.experiments.tracks.task import Task

TRACK = "A"
TASKS = (
    *("iris", "wine", "breast_cancer", "digits", "diabetes", "phishing", "segments"),
    *("made_easy", "made_wide", "made_bent"),
    *("coba_linear", "coba_neighbors", "coba_kernel", "coba_mlp"),
    *("drift_sudden", "drift_slow"),
)
QUICK = ("iris", "wine", "phishing", "made_easy")
COST = 2000.0
PEERS = ("experiments/peers", "experiments/chosen_bandits.py")
COMMON = (
    "experiments/tracks/tasks.py",
    "experiments/tracks/task.py",
    "experiments/tracks/bakeoff.py",
)


def chance(seed: int, task: str) -> Generator:
    """The same for every player: who acts alike is lucky alike."""
    return Generator(Philox(key=[seed, int.from_bytes(task.encode()[:8].ljust(8), "little")]))


def loss(task: Task, player: Bandit, rng: Generator) -> float:
    """One pass."""
    earned = 0.0
    for context, rewards in zip(task.contexts, task.rewards, strict=True):
        action, probability = player.act(context, rng)
        reward = float(rewards[action])
        player.learn(context, action, reward, probability)
        earned += reward
    return 1.0 - earned / len(task.contexts)


@cache
def players() -> Mapping[str, MakeBandit]:
    """Ours and the peers; these need their environment, so they are fetched when it is time to play."""
    return {**PLAYERS, **import_module("ml.experiments.chosen_bandits").BANDITS}


def task_of(name: str, seed: int) -> Task:
    made: Task = import_module("ml.experiments.tracks.tasks").TASKS[name](seed)
    return made


class BakeOff:
    letter = TRACK

    def units(self, seeds: Sequence[int], quick: bool) -> list[Unit]:
        names, there = tuple(players()), QUICK if quick else TASKS
        return [Unit(TRACK, task, seed, names, COST * len(names)) for seed in seeds for task in there]

    def work(self, unit: Unit) -> Iterator[Line]:
        task = task_of(unit.place, unit.seed)
        for name in unit.agents:
            began = process_time()
            player = players()[name](task.rewards.shape[1], task.contexts.shape[1])
            lost = loss(task, player, chance(unit.seed, unit.place))
            yield {"agent": name, "loss": lost, "seconds": round(process_time() - began, 2)}

    def source(self, agent: str) -> str:
        return _source(*(("policy", "experiments/tracks/disjoint.py") if agent in PLAYERS else PEERS))

    def judge(self, lines: Sequence[Line], quick: bool) -> Section:
        return judged(lines, tuple(PLAYERS))


@cache
def _source(*own: str) -> str:
    return made_of(*COMMON, *own)
