"""The page's example: Ada on a Thursday afternoon, three candidates, and what she said before."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from ml.features import COLUMNS, NAMES, WIDTH, Batch, matrix
from ml.policy import Decision, make
from ml.policy.base import Floats, Prior
from ml.policy.draw import chance_for, draw, rng_for
from ml.policy.hb_ts import HbTs
from ml.policy.posterior import Assumed, Posterior, beneath
from ml.policy.prior import shipped
from ml.policy.sums import Sums
from ml.reward import REWARDS, Reaction

ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 5, 15, 20, tzinfo=ZONE)
DECISION = "ada-2026-03-05"
LIVED_DAYS = 21
DOSAGE = 1.2
DAY_S = 86_400.0

Candidate = dict[str, Any]


def task(name: str, **attributes: Any) -> Candidate:
    return {"id": name, "kind": "todo", "source": "todoist", "attributes": attributes}


def card(name: str, **attributes: Any) -> Candidate:
    return {"id": name, "kind": "advice", "source": "library", "attributes": attributes}


CANDIDATES = (
    task(
        "Call the landlord",
        due={"date": NOW.date()},
        createdAt=NOW - timedelta(days=6),
        priority=3,
        effortMin=15.0,
        timesShown=3,
        kindRecent=0.9,
    ),
    task("Sort the photos", createdAt=NOW - timedelta(days=40), effortMin=60.0, kindRecent=0.9),
    card("Walk around the block", theme="break", effortMin=10.0, kindRecent=0.3),
)


def policy(**settings: Any) -> HbTs:
    """The incumbent, as serving makes it: the first prior, over today's columns."""
    made = make("hb_ts", WIDTH, shipped(NAMES), COLUMNS, **settings)
    if not isinstance(made, HbTs):
        raise TypeError(f"Expected hb_ts, got {made.name}.")
    return made


def days(at: datetime) -> float:
    return at.timestamp() / DAY_S


def rows(candidates: tuple[Candidate, ...], now: datetime) -> Floats:
    return matrix(Batch.of(candidates, now, ZONE, DOSAGE))


def _said(at: int) -> tuple[Candidate, int, Reaction]:
    """What was shown on a day, at which hour, and what Ada did: breaks do her good, long tasks do not."""
    shown: tuple[tuple[Candidate, int, Reaction], ...] = (
        (card("a break", theme="break", effortMin=10.0), 15, "helpful"),
        (task("something short", effortMin=15.0, priority=2), 9, "done"),
        (task("something long", effortMin=120.0), 18, "dismiss"),
        (card("a walk", theme="break", effortMin=10.0), 14, "done"),
        (task("something seen before", effortMin=30.0, timesShown=4), 10, "not_helpful"),
        (card("a question to oneself", theme="reflect", effortMin=5.0), 20, "snooze"),
        (task("something late", effortMin=20.0, due={"date": NOW.date() - timedelta(days=30)}), 11, "done"),
    )
    return shown[at % len(shown)]


def reward(reaction: Reaction) -> float:
    earned = REWARDS[reaction]
    return 0.0 if earned is None else earned.value


@lru_cache(maxsize=1)
def ada() -> Sums:
    """What she said once a day: one reaction after the other through the policy's own `update`."""
    hb, state = policy(), Sums.empty(WIDTH)
    for at in range(LIVED_DAYS):
        candidate, hour, reaction = _said(at)
        then = (NOW - timedelta(days=LIVED_DAYS - at)).replace(hour=hour, minute=0)
        state = hb.update(state, rows((candidate,), then)[0], reward(reaction), days(then))
    return state


def posterior(state: Sums, prior: Prior, t_days: float) -> Posterior:
    return Assumed.of(prior, WIDTH).read(state, t_days)


@dataclass(frozen=True, slots=True)
class Decided:
    x: Floats
    made: Decision
    doubt: Floats
    """The standard deviation of each score."""
    chance: float
    chosen: int

    @property
    def scores(self) -> Floats:
        return np.asarray(self.made.contributions.sum(axis=1))


def decided(state: Sums) -> Decided:
    """The afternoon's decision, with the randomness that its id gives (`ml/serving/score.py`)."""
    hb, x = policy(), rows(CANDIDATES, NOW)
    made = hb.decide(state, x, rng_for(DECISION, "policy:hb_ts"), days(NOW))
    doubt = np.sqrt(np.square(beneath(posterior(state, hb.prior, days(NOW)), x)[0]).sum(axis=1))
    chance = chance_for(DECISION, "draw")
    return Decided(x, made, doubt, chance, draw(made.probabilities, chance))
