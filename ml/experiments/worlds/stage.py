"""Everything that happens whoever chooses: who, when, which candidates. The same for all policies."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from ml.evaluate.logged import Ints
from ml.experiments.worlds.cards import CARDS, PREPARE, TODO_GROUP, Cards, cards, offered
from ml.experiments.worlds.days import Days, days
from ml.experiments.worlds.moments import Moments, moments
from ml.experiments.worlds.population import Personas, Population, Traits, population
from ml.experiments.worlds.regime import Regime
from ml.experiments.worlds.tasks import Tasks, tasks
from ml.policy.base import Floats

TASKS_AT_MOST = 9
PREPARE_WITHIN_MIN = 45.0


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    regime: Regime
    population: Population
    moments: Moments
    days: Days
    tasks: Tasks
    cards: Cards
    start: Ints
    """Moment m has the rows start[m] to start[m + 1]."""
    moment: Ints
    """Of each row."""
    task: Ints
    """Of each row; -1 is a card."""
    card: Ints
    """Of each row; -1 is a task."""
    item: Ints
    """Of each row: one number for the same thing of the same person."""
    group: Ints

    @property
    def items(self) -> int:
        return len(self.tasks.person) + self.regime.people * CARDS

    def of_moment(self, values: Floats) -> Floats:
        """A value of each moment, for each row."""
        return values[self.moment]

    def of_item(self, task_values: Floats, card_values: Floats) -> Floats:
        return np.where(self.task >= 0, task_values[self.task], card_values[self.card])


def stage(regime: Regime, traits: Traits, personas: Personas, rng: Generator) -> Stage:
    people = population(regime, traits, personas, rng)
    everyone = np.arange(regime.people)
    start = np.zeros(regime.people)
    habits = np.stack([people.at(name, everyone, start) for name in ("habit1", "habit2")], axis=1)
    at = moments(regime, np.clip(habits, 7.5, 22.5), rng)
    day, todo, deck = days(regime, at, rng), tasks(regime, rng), cards(rng)
    tips = offered(len(at.t), rng)
    prepare = (day.calendar > 0) & (day.busy == 0) & (day.free_min <= PREPARE_WITHIN_MIN)
    return _rows(regime, people, at, day, todo, deck, tips, prepare)


def _rows(
    regime: Regime,
    people: Population,
    at: Moments,
    day: Days,
    todo: Tasks,
    deck: Cards,
    tips: Ints,
    prepare: "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]",
) -> Stage:
    edges = np.searchsorted(todo.person, np.arange(regime.people + 1))
    urgency = np.where(np.isnan(todo.due), 1e6, todo.due) - 0.5 * todo.priority
    tasks_of: list[Ints] = []
    cards_of: list[Ints] = []
    for m, (person, own) in enumerate(zip(at.person.tolist(), at.own.tolist(), strict=True)):
        low, high = edges[person], edges[person + 1]
        alive = low + np.flatnonzero((todo.arrives[low:high] <= own) & (own < todo.ends[low:high]))
        if len(alive) > TASKS_AT_MOST:
            alive = alive[urgency[alive].argsort(kind="stable")[:TASKS_AT_MOST]]
        tasks_of.append(alive)
        shown = tips[m][tips[m] >= 0]
        cards_of.append(np.append(shown, PREPARE) if prepare[m] else shown)
    counts = np.array([len(a) + len(b) for a, b in zip(tasks_of, cards_of, strict=True)])
    moment = np.repeat(np.arange(len(counts)), counts)
    none = [np.full(len(a), -1) for a in tasks_of], [np.full(len(b), -1) for b in cards_of]
    task = np.concatenate([part for pair in zip(tasks_of, none[1], strict=True) for part in pair])
    card = np.concatenate([part for pair in zip(none[0], cards_of, strict=True) for part in pair])
    own_cards = len(todo.person) + at.person[moment] * CARDS + card
    return Stage(
        regime=regime,
        population=people,
        moments=at,
        days=day,
        tasks=todo,
        cards=deck,
        start=np.concatenate([[0], np.cumsum(counts)]),
        moment=moment,
        task=task,
        card=card,
        item=np.where(task >= 0, task, own_cards),
        group=np.where(task >= 0, TODO_GROUP, deck.group[card]),
    )
