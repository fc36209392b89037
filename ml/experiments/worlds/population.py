"""Who the people are at each moment: a persona, their own deviation, slow drift, at times another persona."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from ml.evaluate.logged import Ints
from ml.experiments.worlds.regime import Regime
from ml.policy.base import Floats

DEVIATION, DRIFT = 0.6, 0.45
"""In units of each trait's spread: how people of one persona differ, how far one moves in the whole time."""
SWITCH = 0.08
"""The share of people who become another persona once."""
Traits = Mapping[str, tuple[float, float]]
"""Each trait's usual value and spread."""
Personas = Mapping[str, Mapping[str, float]]
"""Where a persona differs from the usual."""


@dataclass(frozen=True, slots=True, eq=False)
class Population:
    persona: Ints
    names: tuple[str, ...]
    traits: Mapping[str, tuple[Floats, Floats, Floats]]
    """Each trait's value before and after the switch, and its drift until the end."""
    switch_day: Floats
    days: int

    def at(self, name: str, person: Ints, t: Floats) -> Floats:
        before, after, drift = self.traits[name]
        base = np.where(t < self.switch_day[person], before[person], after[person])
        moved: Floats = base + drift[person] * (t / self.days)
        return moved


def population(regime: Regime, traits: Traits, personas: Personas, rng: Generator) -> Population:
    names, people = tuple(personas), regime.people
    odds = np.array(regime.personas or [1.0] * len(names))
    if len(odds) != len(names):
        raise ValueError(f"This world has {len(names)} personas ({', '.join(names)}), got {len(odds)} odds.")
    first = rng.choice(len(names), people, p=odds / odds.sum())
    switches = rng.random(people) < SWITCH
    second = np.where(switches, rng.integers(0, len(names), people), first)
    day = np.where(switches, rng.uniform(0.3, 0.7, people) * regime.days, np.inf)
    drawn: dict[str, tuple[Floats, Floats, Floats]] = {}
    for name, (usual, spread) in traits.items():
        own = rng.normal(0.0, DEVIATION * spread, people)
        drift = rng.normal(0.0, DRIFT * spread, people)
        of = _table(name, usual, names, personas)
        drawn[name] = (of[first] + own, of[second] + own, drift)
    return Population(first, names, drawn, day, regime.days)


def _table(name: str, usual: float, names: Sequence[str], personas: Personas) -> Floats:
    return np.array([personas[persona].get(name, usual) for persona in names])
