"""Logs of simulated people with the truth beside them: what each candidate would have earned there."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass

import numpy as np

from ml.evaluate import Candidates
from ml.evaluate.logged import Ints
from ml.experiments.memory import Memory
from ml.experiments.ours import POLICIES, Ours, ours
from ml.experiments.play import Hearing
from ml.experiments.received import Received
from ml.experiments.worlds.tape import Tape
from ml.experiments.worlds.world import Fading, Feelings
from ml.features import COLUMNS, WIDTH
from ml.policy.base import Floats
from ml.policy.draw import draw


class _Still(Fading):
    """Counts of a run, read only."""

    def __init__(self, live: Fading) -> None:
        self._live = live

    def of(self, key: int, t: float) -> float:
        return self._live.of(key, t)

    def add(self, key: int, t: float, amount: float = 1.0) -> None:
        """Nothing has happened."""


def imagined(feelings: Feelings) -> Feelings:
    """A twin to ask "what if", whose reactions leave the run as it was. Good for one question."""
    twin = copy(feelings)
    for name, value in vars(twin).items():
        if isinstance(value, Fading):
            setattr(twin, name, _Still(value))
        elif isinstance(value, dict | list):
            setattr(twin, name, copy(value))
    return twin


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """A log, and per candidate (long) what nobody outside a simulator knows."""

    candidates: Candidates
    person: Ints
    t_days: Floats
    x: Floats
    """long"""
    reward: Floats
    would_earn: Floats
    """long"""
    target: dict[str, Floats]
    """long: each target's probabilities; a target has learned from what the log had heard by then"""


class _Run:
    """One policy of ours on a tape, whether it chooses or only watches."""

    def __init__(self, name: str, people: int, received: Received | None) -> None:
        made = ours(name, POLICIES[name])(WIDTH, COLUMNS, people)
        if not isinstance(made, Ours):
            raise TypeError(f"{name} is none of ours.")
        self.agent = made
        self.hearing = Hearing(made, received)


def log(tape: Tape, logging: str, targets: Sequence[str], seed: int) -> Told:
    """`logging` chooses; the targets say at each decision what they would have done."""
    stage, memory, feelings = tape.stage, Memory(tape), tape.opened()
    people = stage.regime.people
    runs = {
        name: _Run(name, people, memory.received if name == logging else None)
        for name in dict.fromkeys((logging, *targets))
    }
    chance = {name: np.random.default_rng([seed, 3, place]) for place, name in enumerate(runs)}
    parts: list[tuple[int, float, int, float, Floats, Floats, dict[str, Floats]]] = []
    for m, (t, person) in enumerate(
        zip(stage.moments.t.tolist(), stage.moments.person.tolist(), strict=True)
    ):
        rows = memory.rows(m)
        if len(rows) == 0:
            continue
        for run in runs.values():
            run.hearing.until(t)
        x = memory.x(m, rows)
        said: dict[str, Floats] = {}
        for name, run in runs.items():
            said[name] = run.agent.probabilities(person, x, chance[name], t)
        would = np.array([imagined(feelings).react(int(row)).value for row in rows])
        chosen = draw(said[logging], float(chance[logging].random()))
        row = int(rows[chosen])
        outcome = feelings.react(row)
        memory.shown(row, outcome)
        for run in runs.values():
            run.hearing.tell(t, person, x, chosen, row, float(said[logging][chosen]), outcome)
        parts.append((person, t, chosen, outcome.value, x, would, said))
    persons, times, picked, rewards, xs, woulds, saids = zip(*parts, strict=True)
    return Told(
        candidates=Candidates(
            np.array([len(x) for x in xs]),
            np.array(picked),
            np.concatenate([said[logging] for said in saids]),
        ),
        person=np.array(persons),
        t_days=np.array(times),
        x=np.concatenate(xs),
        reward=np.array(rewards),
        would_earn=np.concatenate(woulds),
        target={name: np.concatenate([said[name] for said in saids]) for name in targets},
    )
