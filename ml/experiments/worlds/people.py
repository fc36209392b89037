"""World one, `people`: appeal adds up, boredom and fatigue wear it off, a threshold says what is answered."""

import numpy as np
from numpy.random import Generator

from ml.experiments.worlds.cards import GROUPS, TODO_GROUP
from ml.experiments.worlds.people_appeal import appeal, traits_of, unasked, welcome
from ml.experiments.worlds.people_traits import PERSONAS, TRAITS
from ml.experiments.worlds.stage import Stage
from ml.experiments.worlds.world import Fading, Fate, Opened, Outcome, done_unsaid, fate, nothing, said
from ml.policy.base import Floats

NOISE = 0.45
GOODWILL = 0.65
"""Who lets oO speak wants some of it."""
_TASK = (1.0, 0.6, -0.35, -1.0)
_TIP = (1.2, 0.55, -0.35, -1.0)
"""From where on it is done, helpful, left for later, not helpful; below that dismissed."""
_QUIETLY_DONE, _NEVER = 0.5, 0.1


class People:
    name = "people"
    traits = TRAITS
    personas = PERSONAS

    def felt(self, stage: Stage, rng: Generator) -> Opened:
        own = traits_of(stage)
        base = GOODWILL + appeal(stage, own) + rng.normal(0.0, NOISE, len(stage.task))
        if stage.regime.ticks:
            base = base - stage.of_moment(unasked(stage, own, rng))
        talks = own("talks") + 1.2 * welcome(stage, own)
        worn = {name: np.maximum(own(name), 0.0) for name in ("fatigue", "item_bored", "theme_bored")}
        intense = np.maximum(own("intense"), 0.3)
        by_chance = fate(stage, rng)
        return lambda: _Feelings(stage, base, talks, worn, intense, by_chance)


class _Feelings:
    def __init__(
        self,
        stage: Stage,
        base: Floats,
        talks: Floats,
        worn: dict[str, Floats],
        intense: Floats,
        chance: Fate,
    ) -> None:
        self._stage, self._base, self._talks, self._worn = stage, base, talks, worn
        self._intense, self._chance = intense, chance
        self._doses = Fading(stage.regime.people, 0.6)
        self._items = Fading(stage.items, 4.0)
        self._groups = Fading(stage.regime.people * GROUPS, 1.5)

    def react(self, row: int) -> Outcome:
        stage, worn = self._stage, self._worn
        m, item, group = int(stage.moment[row]), int(stage.item[row]), int(stage.group[row])
        person, t = int(stage.moments.person[m]), float(stage.moments.t[m])
        theme = person * GROUPS + group
        tired = worn["fatigue"][m] * min(self._doses.of(person, t), 8.0) ** 1.2
        bored = worn["item_bored"][m] * (1.0 - 0.5 ** self._items.of(item, t))
        sated = (
            worn["theme_bored"][m]
            * np.log1p(self._groups.of(theme, t))
            * (0.5 if group == TODO_GROUP else 1.0)
        )
        self._doses.add(person, t)
        self._items.add(item, t)
        self._groups.add(theme, t)
        return self._answer(m, group == TODO_GROUP, float(self._base[row] - tired - bored - sated))

    def _answer(self, m: int, todo: bool, felt: float) -> Outcome:
        chance = self._chance
        strength = felt * float(self._intense[m])
        speaks = 1.0 / (1.0 + np.exp(-(self._talks[m] + 0.8 * abs(strength))))
        done, helpful, later, unhelpful = _TASK if todo else _TIP
        if chance.attends[m] > speaks:
            quietly = todo and strength > done and chance.unsaid[m] < _QUIETLY_DONE
            return done_unsaid(float(chance.heard[m])) if quietly else nothing()
        delay = float(chance.delay_days[m])
        if strength > done:
            return said("done", delay)
        if strength > helpful:
            return said("helpful", delay)
        if strength > later:
            return said("snooze", delay) if strength > 0 else nothing()
        if strength > unhelpful:
            return said("not_helpful", delay)
        return said("never" if chance.unsaid[m] < _NEVER else "dismiss", delay)
