"""What is the same for all candidates: it can change a choice only where it is crossed with them."""

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any, NamedTuple

import numpy as np

from ml.features.days import local
from ml.features.numbers import ONE, ZERO, Floats, number

MORNING, AFTERNOON, EVENING, NIGHT = 5, 11, 17, 22
"""The local hours at which they begin."""
_SATURDAY = 5
_MORNING_EVENING = [
    np.array([[float(MORNING <= hour < AFTERNOON)], [float(EVENING <= hour < NIGHT)]]) for hour in range(24)
]
_UNKNOWN = number(float("nan"))
_NOTHING: Mapping[str, Any] = {}


class Moment(NamedTuple):
    now_s: Floats
    today: Floats
    """The person's date, as a day number."""
    morning_evening: Floats
    """A row for each, 0 or 1, to be crossed with columns."""
    afternoon: Floats
    weekend: Floats
    dosage: float
    """Tips shown lately, a decayed count; unknown is none."""
    busy: Floats
    free_min: Floats
    """Minutes until the next appointment; unknown is NaN, into which nothing fits."""
    low_mood: Floats
    poor_sleep: Floats

    @classmethod
    def of(
        cls, now: datetime, zone: tzinfo, dosage: float | None, context: Mapping[str, Any] | None
    ) -> "Moment":
        here = local(now, zone)
        hour, said = here.hour, (context or _NOTHING).get
        free, mood, sleep = said("freeMin"), said("mood"), said("sleep")
        return cls(
            now_s=number(now.timestamp()),
            today=number(here.toordinal()),
            morning_evening=_MORNING_EVENING[hour],
            afternoon=ONE if AFTERNOON <= hour < EVENING else ZERO,
            weekend=ONE if here.weekday() >= _SATURDAY else ZERO,
            dosage=dosage or 0.0,
            busy=ONE if said("busy") else ZERO,
            free_min=_UNKNOWN if free is None else number(free),
            low_mood=number(-mood) if mood is not None and mood < 0 else ZERO,
            poor_sleep=ZERO if sleep is None else number(1.0 - sleep),
        )
