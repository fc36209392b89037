"""What a day is like whoever chooses: appointments, mood, sleep. What of it oO may know is asked for."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from ml.experiments.worlds.moments import Moments
from ml.experiments.worlds.regime import Regime
from ml.policy.base import Floats

CALENDAR, DIARY = 0.6, 0.4
"""The shares of people who connected a calendar, who note mood and sleep."""
_BLOCKS, _FREE_AT_MOST = 6, 240.0


@dataclass(frozen=True, slots=True, eq=False)
class Days:
    """A value per moment."""

    busy: Floats
    free_min: Floats
    load: Floats
    """Hours of appointments that day."""
    mood: Floats
    """-1 to 1"""
    sleep: Floats
    """0 to 1"""
    calendar: Floats
    diary: Floats
    """1 where oO may know."""


def days(regime: Regime, at: Moments, rng: Generator) -> Days:
    people, n = regime.people, regime.days
    weekday = (np.arange(n) % 7 < 5).astype(np.float64)
    pace = rng.gamma(3.0, 0.8, people)[:, None] * (0.25 + 0.75 * weekday)
    count = np.minimum(rng.poisson(pace), _BLOCKS)
    starts = np.sort(rng.uniform(8.5, 18.5, (people, n, _BLOCKS)), axis=2)
    lengths = rng.choice([0.5, 0.75, 1.0, 1.5], (people, n, _BLOCKS))
    none = np.arange(_BLOCKS) >= count[:, :, None]
    starts, lengths = np.where(none, 99.0, starts), np.where(none, 0.0, lengths)
    mood, sleep = _wander(people, n, 0.45, rng), _wander(people, n, 0.2, rng)

    hour = at.hour[:, None]
    begin, length = starts[at.person, at.day], lengths[at.person, at.day]
    busy = ((begin <= hour) & (hour < begin + length)).any(axis=1)
    until = np.where(begin > hour, begin - hour, 99.0).min(axis=1) * 60.0
    return Days(
        busy=busy.astype(np.float64),
        free_min=np.where(busy, 0.0, np.minimum(until, _FREE_AT_MOST)),
        load=length.sum(axis=1),
        mood=np.clip(mood[at.person, at.day], -1, 1),
        sleep=np.clip(0.65 + sleep[at.person, at.day], 0, 1),
        calendar=(rng.random(people) < CALENDAR).astype(np.float64)[at.person],
        diary=(rng.random(people) < DIARY).astype(np.float64)[at.person],
    )


def _wander(people: int, n: int, spread: float, rng: Generator) -> Floats:
    """Each day remembers the one before."""
    steps = rng.normal(0.0, spread, (people, n))
    for day in range(1, n):
        steps[:, day] = 0.6 * steps[:, day - 1] + 0.8 * steps[:, day]
    return steps
