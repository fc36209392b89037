"""What a world is to the lab: a stage of its own, and feelings about what is shown on it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.random import Generator

from ml.experiments.worlds.population import Personas, Traits
from ml.experiments.worlds.stage import Stage
from ml.policy.base import Floats
from ml.reward import DEFAULT_REWARD, Reaction, earned

DELAY_MEDIAN_DAYS, DELAY_SPREAD = 90 / 1440, 1.1
WINDOW_DAYS = 1.0
HEARD_LATE_DAYS = 1.5
"""A completion that only the provider saw reaches oO this long after the tip at the latest."""


@dataclass(frozen=True, slots=True)
class Outcome:
    reaction: Reaction | None
    value: float
    """What it earned in the end."""
    after_days: float
    """When it is first learned."""
    learned: float
    """As what it is first learned: the default, where the truth comes after the window."""
    corrected_after_days: float | None
    """When it is learned that it was `value`."""


class Feelings(Protocol):
    """One run through the tape: it remembers what was shown."""

    def react(self, row: int) -> Outcome: ...


Opened = Callable[[], Feelings]


class World(Protocol):
    name: str
    traits: Traits
    personas: Personas

    def felt(self, stage: Stage, rng: Generator) -> Opened:
        """All that is felt whoever chooses, worked out once; opened anew for each policy."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Fate:
    """What chance adds, drawn once per moment so that it is the same whatever is chosen."""

    delay_days: Floats
    attends: Floats
    """Uniform numbers, for whether the person says anything, and for what happens unsaid."""
    unsaid: Floats
    heard: Floats


def fate(stage: Stage, rng: Generator) -> Fate:
    n = len(stage.moments.t)
    delays = rng.lognormal(np.log(DELAY_MEDIAN_DAYS), DELAY_SPREAD, n)
    return Fate(np.minimum(delays, 0.9 * WINDOW_DAYS), rng.random(n), rng.random(n), rng.random(n))


def said(reaction: Reaction, delay_days: float) -> Outcome:
    reward = earned(reaction)
    value = DEFAULT_REWARD.value if reward is None else reward.value
    return Outcome(reaction, value, delay_days, value, None)


def nothing() -> Outcome:
    value = DEFAULT_REWARD.value
    return Outcome(None, value, WINDOW_DAYS, value, None)


def done_unsaid(heard: float) -> Outcome:
    """Done in the provider without a word: two in three times heard of in time, else after the window."""
    done = earned("done")
    value = 1.0 if done is None else done.value
    if heard < 2 / 3:
        return Outcome("done", value, 0.1 + 0.9 * heard, value, None)
    late = WINDOW_DAYS + (heard - 2 / 3) * 3 * HEARD_LATE_DAYS
    return Outcome("done", value, WINDOW_DAYS, DEFAULT_REWARD.value, late)


class Fading:
    """Counts that halve: of each key, and when it was last touched."""

    def __init__(self, keys: int, half_life_days: float) -> None:
        self._count = [0.0] * keys
        self._at = [0.0] * keys
        self._half_life_days = half_life_days

    def of(self, key: int, t: float) -> float:
        count = self._count[key]
        return count and count * float(2.0 ** ((self._at[key] - t) / self._half_life_days))

    def add(self, key: int, t: float, amount: float = 1.0) -> None:
        self._count[key] = self.of(key, t) + amount
        self._at[key] = t
