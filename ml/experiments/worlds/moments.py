"""When people look at oO (or could be asked), on their own clock."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.random import Generator

from ml.evaluate.logged import Ints
from ml.experiments.worlds.regime import Regime
from ml.policy.base import Floats

START = datetime(2026, 3, 2)  # noqa: DTZ001 (a Monday on each person's own clock)
EPOCH = START.replace(tzinfo=UTC)
ZONES = tuple(ZoneInfo(name) for name in ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "UTC"))
WAKE, SLEEP = 7.0, 23.0
FIRST_TICK, LAST_TICK = 8.0, 22.0


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """In the order of time, over all people."""

    person: Ints
    t: Floats
    """Days since EPOCH, the same clock for all."""
    own: Floats
    """Days since START on the person's own clock."""
    zone: Ints
    """Of each person."""

    @property
    def day(self) -> Ints:
        return self.own.astype(np.int64)

    @property
    def hour(self) -> Floats:
        return (self.own % 1.0) * 24.0

    @property
    def weekend(self) -> Floats:
        return (self.day % 7 >= 5).astype(np.float64)


def moments(regime: Regime, habits: Floats, rng: Generator) -> Moments:
    """`habits`: two usual hours of each person, at which they look more often."""
    people, days = regime.people, regime.days
    zone = rng.integers(0, len(ZONES), people)
    if regime.ticks:
        each = round(regime.per_day)
        hours = np.linspace(FIRST_TICK, LAST_TICK, each, endpoint=False)
        person = np.repeat(np.arange(people), days * each)
        own = np.tile((np.arange(days)[:, None] + hours / 24).ravel(), people)
    else:
        pace = regime.per_day * rng.gamma(6.0, 1 / 6.0, people)
        counts = rng.poisson(np.repeat(pace, days))
        counts = np.minimum(counts, 12)
        person = np.repeat(np.repeat(np.arange(people), days), counts)
        day = np.repeat(np.tile(np.arange(days), people), counts)
        usual = habits[person, rng.integers(0, habits.shape[1], len(person))]
        near = usual + rng.normal(0.0, 1.3, len(person))
        hour = np.where(rng.random(len(person)) < 0.6, near, rng.uniform(WAKE, SLEEP, len(person)))
        own = day + np.clip(hour, WAKE, SLEEP - 0.02) / 24
    t = own - _offsets(zone, days)[person, own.astype(np.int64)]
    order = np.lexsort((person, t))
    return Moments(person[order], t[order], own[order], zone)


def _offsets(zone: Ints, days: int) -> Floats:
    """How far each person's clock is ahead on each day, in days (clocks change at night)."""
    table = np.array(
        [[_ahead(at, START + timedelta(days=day, hours=12)) for day in range(days + 1)] for at in ZONES]
    )
    return np.asarray(table[zone], dtype=np.float64)


def _ahead(zone: ZoneInfo, at: datetime) -> float:
    offset = at.replace(tzinfo=zone).utcoffset() or timedelta()
    return offset / timedelta(days=1)
