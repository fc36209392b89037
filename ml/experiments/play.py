"""The closed loop: an agent chooses for everyone, they react in their own time, it learns once it hears."""

from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count

import numpy as np
from numpy.random import Generator

from ml.evaluate.logged import Ints
from ml.experiments.agent import Agent
from ml.experiments.memory import Memory
from ml.experiments.received import Received
from ml.experiments.worlds.tape import Tape
from ml.experiments.worlds.world import Outcome
from ml.policy.base import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Played:
    """A value per decision, in the order of time."""

    reward: Floats
    probability: Floats
    person: Ints
    day: Ints
    row: Ints


@dataclass(order=True, slots=True)
class _Due:
    t: float
    turn: int
    person: int = field(compare=False)
    x: Floats = field(compare=False)
    chosen: int = field(compare=False)
    row: int = field(compare=False)
    probability: float = field(compare=False)
    value: float = field(compare=False)
    was: float | None = field(compare=False, default=None)
    first_t: float = field(compare=False, default=0.0)


class Hearing:
    """What an agent hears when: rewards as they come in, nights in between; and what oO knows of its cards,
    where this is the agent that chooses."""

    def __init__(self, agent: Agent, received: Received | None = None) -> None:
        self._agent, self._received = agent, received
        self._due: list[_Due] = []
        self._turn = count()
        self._night = 1

    def until(self, t: float) -> None:
        while True:
            now = min(self._due[0].t if self._due else t, float(self._night))
            if now >= t and (now > t or not self._due or self._due[0].t > t):
                return
            if now == float(self._night) and now <= t:
                self._agent.night(now)
                if self._received is not None:
                    self._received.night(now)
                self._night += 1
            else:
                self._hear(heappop(self._due))

    def tell(
        self, t: float, person: int, x: Floats, chosen: int, row: int, p: float, outcome: Outcome
    ) -> None:
        heard = t + outcome.after_days
        first = _Due(heard, next(self._turn), person, x, chosen, row, p, outcome.learned)
        heappush(self._due, first)
        if outcome.corrected_after_days is not None:
            at, turn = t + outcome.corrected_after_days, next(self._turn)
            late = _Due(at, turn, person, x, chosen, row, p, outcome.value, outcome.learned, heard)
            heappush(self._due, late)

    def _hear(self, due: _Due) -> None:
        agent = self._agent
        if self._received is not None:
            self._received.hear(due.row, due.t, due.value)
        if due.was is None:
            agent.learn(due.person, due.x, due.chosen, due.value, due.probability, due.t)
        else:
            agent.revise(due.person, due.x, due.chosen, due.was, due.value, due.probability, due.first_t)


def play(
    tape: Tape, agent: Agent, rng: Generator, seen: Callable[[int, Floats, int, float], None] | None = None
) -> Played:
    """`seen` is told of each decision before it is acted on: person, x, what was chosen, when."""
    stage, feelings, memory = tape.stage, tape.opened(), Memory(tape)
    hearing = Hearing(agent, memory.received)
    times, persons = stage.moments.t.tolist(), stage.moments.person.tolist()
    rewards: list[float] = []
    probabilities: list[float] = []
    chosen_rows: list[int] = []
    decided: list[int] = []
    for m, (t, person) in enumerate(zip(times, persons, strict=True)):
        rows = memory.rows(m)
        if len(rows) == 0:
            continue
        hearing.until(t)
        x = memory.x(m, rows)
        chosen, probability = agent.act(person, x, rng, t)
        if seen is not None:
            seen(person, x, chosen, t)
        row = int(rows[chosen])
        outcome = feelings.react(row)
        memory.shown(row, outcome)
        hearing.tell(t, person, x, chosen, row, probability, outcome)
        rewards.append(outcome.value)
        probabilities.append(probability)
        chosen_rows.append(row)
        decided.append(m)
    at = np.array(decided, dtype=np.int64)
    return Played(
        reward=np.array(rewards),
        probability=np.array(probabilities),
        person=stage.moments.person[at],
        day=stage.moments.day[at],
        row=np.array(chosen_rows, dtype=np.int64),
    )
