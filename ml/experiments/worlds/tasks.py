"""Tasks arrive, fall due, get done without oO or are forgotten; what each is like, and what oO sees."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from ml.evaluate.logged import Ints
from ml.experiments.worlds.regime import Regime
from ml.policy.base import Floats

TOPICS = 6
"""Work, home, admin, health, family, errands: people care differently, and no feature says which it is."""
BACKLOG = 6
KEPT_DAYS, KEPT_AFTER_DUE = 21.0, 9.0


@dataclass(frozen=True, slots=True, eq=False)
class Tasks:
    """Times are days on the person's own clock."""

    person: Ints
    arrives: Floats
    ends: Floats
    """Done without oO, or forgotten."""
    due: Floats
    """NaN: no date."""
    timed: Floats
    priority: Ints
    effort_min: Floats
    effort_known: Floats
    topic: Ints
    appeal: Floats
    """What nobody can see: some tasks are nicer than others."""


def tasks(regime: Regime, rng: Generator) -> Tasks:
    pace = rng.gamma(4.0, 0.25, regime.people)
    later = rng.poisson(pace * regime.days)
    person = np.repeat(np.arange(regime.people), BACKLOG + later)
    n = len(person)
    first = np.concatenate([np.arange(BACKLOG + more) < BACKLOG for more in later])
    arrives = np.where(first, -rng.exponential(4.0, n), rng.uniform(0.0, regime.days, n))
    ahead = rng.lognormal(np.log(3.0), 0.9, n)
    has_due, timed = rng.random(n) < 0.6, rng.random(n) < 0.3
    due = np.where(has_due, arrives + ahead, np.nan)
    day, hour = np.floor(due), rng.uniform(9.0, 20.0, n)
    due = np.where(timed, day + hour / 24, day + 1.0 - 1e-6)
    alone = np.where(has_due, due + rng.laplace(0.5, 1.6, n), arrives + rng.exponential(9.0, n))
    kept = np.where(has_due, due + KEPT_AFTER_DUE, arrives + KEPT_DAYS)
    return Tasks(
        person=person,
        arrives=arrives,
        ends=np.maximum(arrives + 0.2, np.minimum(alone, kept)),
        due=due,
        timed=(timed & has_due).astype(np.float64),
        priority=rng.choice([1, 2, 3, 4], n, p=[0.5, 0.25, 0.15, 0.1]),
        effort_min=np.clip(rng.lognormal(np.log(25.0), 0.8, n), 3.0, 300.0).round(),
        effort_known=(rng.random(n) < 0.7).astype(np.float64),
        topic=rng.integers(0, TOPICS, n),
        appeal=rng.normal(0.0, 0.25, n),
    )
