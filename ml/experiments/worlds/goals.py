"""World two, `goals`: motivation multiplies (belief × worth ÷ delay), needs come back, refusal hardens.

Streaks carry, noise multiplies, and sometimes people just tap anything: nothing adds up as in world one.
"""

import numpy as np
from numpy.random import Generator

from ml.experiments.worlds.cards import GROUPS, TODO_GROUP
from ml.experiments.worlds.goals_drive import at_ease, drive
from ml.experiments.worlds.goals_traits import PERSONAS, TRAITS
from ml.experiments.worlds.people_appeal import traits_of
from ml.experiments.worlds.stage import Stage
from ml.experiments.worlds.world import Fading, Fate, Opened, Outcome, done_unsaid, fate, nothing, said
from ml.policy.base import Floats
from ml.reward import Reaction

NOISE, SHOCK, LAPSE = 0.3, 0.2, 0.04
_TASK = (1.25, 0.95, 0.6, 0.33)
_TIP = (1.45, 0.9, 0.6, 0.33)
_LAPSES: tuple[Reaction, ...] = ("done", "helpful", "snooze", "not_helpful", "dismiss")
_HARDENS = ("not_helpful", "dismiss")


class Goals:
    name = "goals"
    traits = TRAITS
    personas = PERSONAS

    def felt(self, stage: Stage, rng: Generator) -> Opened:
        own = traits_of(stage)
        n = len(stage.moments.t)
        shock = stage.of_moment(rng.normal(0.0, SHOCK, n))
        noise = np.exp(rng.laplace(0.0, NOISE / np.sqrt(2), len(stage.task)) + shock)
        driven = drive(stage, own) * noise
        if stage.regime.ticks:
            driven = driven * stage.of_moment(at_ease(stage, own))
        names = ("streak", "reactance", "regret", "resistance", "attention", "rhythm_days")
        traits = {name: np.maximum(own(name), 0.02) for name in names}
        by_chance, lapses = fate(stage, rng), rng.random(n)
        return lambda: _Feelings(stage, driven, traits, by_chance, lapses)


class _Feelings:
    def __init__(
        self, stage: Stage, driven: Floats, traits: dict[str, Floats], chance: Fate, lapses: Floats
    ) -> None:
        self._stage, self._driven, self._traits = stage, driven, traits
        self._chance, self._lapses = chance, lapses
        people = stage.regime.people
        self._pushed = Fading(people, 0.4)
        self._streaks = Fading(people, 1.5)
        self._regrets = Fading(people * GROUPS, 1.0)
        self._met: dict[int, float] = {}
        self._refused = Fading(stage.items, 6.0)

    def react(self, row: int) -> Outcome:
        stage, traits = self._stage, self._traits
        m, item, group = int(stage.moment[row]), int(stage.item[row]), int(stage.group[row])
        person, t = int(stage.moments.person[m]), float(stage.moments.t[m])
        kind = person * GROUPS + group
        drive = float(self._driven[row]) * 0.8 ** self._refused.of(item, t)
        drive *= 1.0 + float(traits["streak"][m]) * min(self._streaks.of(person, t), 4.0)
        if group != TODO_GROUP:
            since = t - self._met.get(kind, -1e3)
            drive *= 1.0 - 0.8 * float(np.exp(-since / traits["rhythm_days"][m]))
        resistance = float(traits["resistance"][m])
        resistance += float(traits["reactance"][m]) * self._pushed.of(person, t) ** 0.7
        resistance += float(traits["regret"][m]) * min(self._regrets.of(kind, t), 3.0)
        outcome = self._answer(m, group == TODO_GROUP, drive / max(resistance, 0.2))
        self._pushed.add(person, t)
        self._refused.add(item, t, 0.2 if outcome.value > 0 else 1.0)
        if outcome.value > 0:
            self._streaks.add(person, t)
            self._met[kind] = t
        if outcome.reaction in _HARDENS:
            self._regrets.add(kind, t)
        return outcome

    def _answer(self, m: int, todo: bool, ratio: float) -> Outcome:
        chance = self._chance
        delay = float(chance.delay_days[m])
        if self._lapses[m] < LAPSE:
            return said(_LAPSES[int(self._lapses[m] / LAPSE * len(_LAPSES))], delay)
        done, helpful, later, unhelpful = _TASK if todo else _TIP
        speaks = 1.0 / (1.0 + np.exp(-(self._traits["attention"][m] + 1.5 * abs(ratio - 0.75))))
        if chance.attends[m] > speaks:
            return done_unsaid(float(chance.heard[m])) if todo and ratio > done + 0.1 else nothing()
        if ratio > done:
            return said("done", delay)
        if ratio > helpful:
            return said("helpful", delay)
        if ratio > later:
            return said("snooze", delay) if chance.unsaid[m] < 0.5 else nothing()
        return said("not_helpful" if ratio > unhelpful else "dismiss", delay)
