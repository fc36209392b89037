"""What is the same for all candidates: it can change a choice only where it is crossed with them."""

from collections.abc import Mapping
from datetime import datetime, tzinfo
from struct import Struct
from typing import Any, NamedTuple, Self

from ml.features.days import local
from ml.features.numbers import Floats

MORNING, AFTERNOON, EVENING, NIGHT = 5, 11, 17, 22
"""The local hours at which they begin."""
_SATURDAY = 5
_NAN = float("nan")
_NOTHING: Mapping[str, Any] = {}
_numbers = Struct("12d").pack
WIDTH = 12


class Moment(NamedTuple):
    """A value for each candidate, equal for those of one decision."""

    now_s: Floats
    today: Floats
    """The person's date, as a day number."""
    morning_evening: Floats
    """A row for each, 0 or 1, to be crossed with columns."""
    dayparts_weekend: Floats
    """Morning, afternoon, evening, night, and whether it is the weekend: as Hours has them."""
    weekend: Floats
    dosage: Floats
    """Tips shown lately, a decayed count; unknown is none."""
    busy: Floats
    free_min: Floats
    """Minutes until the next appointment; unknown is NaN, into which nothing fits."""
    low_mood: Floats
    poor_sleep: Floats

    @classmethod
    def of(cls, columns: Floats) -> Self:
        """WIDTH of them, in the order in which they were packed."""
        return cls(columns[0], columns[1], columns[2:5:2], columns[2:7], *columns[6:])


def packed(now: datetime, zone: tzinfo, dosage: float | None, context: Mapping[str, Any] | None) -> bytes:
    here = local(now, zone)
    hour, said = here.hour, (context or _NOTHING).get
    free, mood, sleep = said("freeMin"), said("mood"), said("sleep")
    return _numbers(
        now.timestamp(),
        here.toordinal(),
        MORNING <= hour < AFTERNOON,
        AFTERNOON <= hour < EVENING,
        EVENING <= hour < NIGHT,
        hour >= NIGHT or hour < MORNING,
        here.weekday() >= _SATURDAY,
        dosage or 0.0,
        said("busy") or 0.0,
        _NAN if free is None else free,
        -mood if mood is not None and mood < 0 else 0.0,
        0.0 if sleep is None else 1.0 - sleep,
    )
