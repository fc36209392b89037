"""Whether to interrupt, tick by tick: hard rules first, then a rule that sees the best score."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.random import Generator

from ml.experiments.memory import Memory
from ml.experiments.play import Hearing
from ml.experiments.pusher import Pusher
from ml.experiments.worlds.tape import Tape
from ml.policy.base import Floats
from ml.policy.draw import draw
from ml.policy.moment import moment, until_night
from ml.policy.timing import Seen, later, send_probability, threshold, usable

SENDS_A_DAY, GAP_DAYS, EVERY_H = 3, 90 / 1440, 0.5
PRICE = 0.1


@dataclass(frozen=True, slots=True)
class Moment:
    person: int
    hour: float
    choice: float
    """The most any candidate is worth, whenever it is sent."""
    added: Floats
    """By this moment and by each that is left of the day."""
    sends_left: int
    opportunities_left: int

    @property
    def best(self) -> float:
        return self.choice + float(self.added[0])


class Rule(Protocol):
    def sends(self, moment: Moment) -> float:
        """π_send."""
        ...


class FixedTimes:
    """At these hours, whatever there is."""

    def __init__(self, hours: tuple[float, ...] = (9.0, 13.0, 18.0)) -> None:
        self._hours = hours

    def sends(self, moment: Moment) -> float:
        return float(any(abs(moment.hour - hour) < 0.2 for hour in self._hours))


class Constant:
    """Whenever the best score exceeds one and the same threshold for everybody."""

    def __init__(self, above: float) -> None:
        self._above = above

    def sends(self, moment: Moment) -> float:
        return float(moment.best > self._above)


class Quantile:
    """The rule that serves: ml/policy/timing.py."""

    def __init__(self, people: int) -> None:
        self._seen = [Seen() for _ in range(people)]

    def sends(self, moment: Moment) -> float:
        seen = self._seen[moment.person]
        to_come = later(seen, moment.choice, moment.added)
        n = usable(moment.sends_left, moment.opportunities_left, EVERY_H * 60)
        above = threshold(to_come, moment.sends_left, n, PRICE)
        self._seen[moment.person] = seen.with_one(moment.choice)
        return send_probability(moment.best, above, to_come.deviation, PRICE)


MakeRule = Callable[[int], Rule]


@dataclass(frozen=True, slots=True)
class Interrupted:
    net: float
    """Reward less the price of each interruption, per person and day."""
    sends: float
    """Per person and day."""
    reward: float
    """Per send."""


def interrupt(tape: Tape, pusher: Pusher, rule: Rule, rng: Generator) -> Interrupted:
    stage, feelings, memory = tape.stage, tape.opened(), Memory(tape)
    at, days = stage.moments, stage.days
    hearing = Hearing(pusher, memory.received)
    people, each = stage.regime.people, round(stage.regime.per_day)
    sent, tick = (
        np.zeros((people, stage.regime.days), np.int64),
        np.zeros((people, stage.regime.days), np.int64),
    )
    last = np.full(people, -np.inf)
    rewards: list[float] = []
    hours, weekends = at.hour.tolist(), at.weekend.tolist()
    for m, (t, person, day) in enumerate(
        zip(at.t.tolist(), at.person.tolist(), at.day.tolist(), strict=True)
    ):
        left = each - int(tick[person, day])
        tick[person, day] += 1
        chance, chance_of_tip = rng.random(2)
        budget = SENDS_A_DAY - int(sent[person, day])
        busy = days.calendar[m] > 0 and days.busy[m] > 0
        if busy or budget <= 0 or t - last[person] < GAP_DAYS:
            continue
        rows = memory.rows(m)
        if len(rows) == 0:
            continue
        hearing.until(t)
        now = moment(hours[m], bool(weekends[m]), busy, memory.dosage(person, t))
        look = pusher.look(person, memory.x(m, rows), until_night(now, hours[m], left, EVERY_H), t)
        send = rule.sends(Moment(person, hours[m], look.choice, look.added, budget, left))
        if chance >= send:
            continue
        p = pusher.probabilities(person, look.x, rng, t)
        chosen = draw(p, float(chance_of_tip))
        row = int(rows[chosen])
        outcome = feelings.react(row)
        memory.shown(row, outcome)
        hearing.tell(t, person, look.x, chosen, row, float(p[chosen]) * send, outcome)
        sent[person, day] += 1
        last[person] = t
        rewards.append(outcome.value)
    person_days = people * stage.regime.days
    net = (sum(rewards) - PRICE * len(rewards)) / person_days
    return Interrupted(net, len(rewards) / person_days, sum(rewards) / max(1, len(rewards)))
