"""What is the same for all candidates: it can change a choice only where it is crossed with them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

import numpy as np
from numpy import float64
from numpy.typing import NDArray

from ml.features.days import local

MORNING, AFTERNOON, EVENING, NIGHT = 5, 11, 17, 22
"""The local hours at which they begin."""
_SATURDAY = 5
_MORNING_EVENING = [
    np.array([[float(MORNING <= hour < AFTERNOON)], [float(EVENING <= hour < NIGHT)]]) for hour in range(24)
]
_NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Moment:
    now_s: float
    today: int
    """The person's date, as a day number."""
    morning_evening: NDArray[float64]
    """A row for each, 0 or 1, to be crossed with columns."""
    afternoon: float
    weekend: float
    dosage: float
    """Tips shown lately, a decayed count; unknown is none."""
    busy: float
    free_min: float
    """Minutes until the next appointment; unknown is NaN, into which nothing fits."""
    low_mood: float
    poor_sleep: float

    @classmethod
    def of(
        cls, now: datetime, zone: tzinfo, dosage: float | None, context: Mapping[str, Any] | None
    ) -> "Moment":
        here = local(now, zone)
        hour, said = here.hour, (context or _NOTHING).get
        free, mood, sleep = said("freeMin"), said("mood"), said("sleep")
        return cls(
            now_s=now.timestamp(),
            today=here.toordinal(),
            morning_evening=_MORNING_EVENING[hour],
            afternoon=1.0 if AFTERNOON <= hour < EVENING else 0.0,
            weekend=1.0 if here.weekday() >= _SATURDAY else 0.0,
            dosage=dosage or 0.0,
            busy=1.0 if said("busy") else 0.0,
            free_min=float("nan") if free is None else free,
            low_mood=max(0.0, -mood) if mood else 0.0,
            poor_sleep=0.0 if sleep is None else 1.0 - sleep,
        )
