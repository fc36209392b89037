"""A decision's candidates as columns. Read once here, so that each feature is a line of arithmetic.

What is missing or not of its kind is NaN; the feature that reads it names its default. Local days are counted
in the person's zone: a day is a date there, whatever its length in hours.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

import numpy as np
from numpy import float64
from numpy.typing import NDArray

Floats = NDArray[float64]
NAN = float("nan")
DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Batch:
    kinds: Sequence[str]
    now_s: float
    today: int
    """The person's local date, as a day number."""
    due_day: Floats
    due_s: Floats
    """The instant a task is due, where it has an hour."""
    created_s: Floats
    priority: Floats
    effort_min: Floats
    times_shown: Floats

    @property
    def size(self) -> int:
        return len(self.kinds)

    @classmethod
    def of(cls, candidates: Sequence[Mapping[str, Any]], now: datetime, zone: tzinfo) -> "Batch":
        """Candidates are mappings with `kind` and `attributes`; `now` knows its offset."""
        rows = [_row(candidate["attributes"], zone) for candidate in candidates]
        table = np.array(rows, dtype=np.float64).reshape(len(rows), 6)
        return cls(
            kinds=[candidate["kind"] for candidate in candidates],
            now_s=now.timestamp(),
            today=local_day(now, zone),
            due_day=table[:, 0],
            due_s=table[:, 1],
            created_s=table[:, 2],
            priority=table[:, 3],
            effort_min=table[:, 4],
            times_shown=table[:, 5],
        )


def local_day(instant: datetime, zone: tzinfo) -> int:
    """The day number of an instant where the person is. At the calendar's two ends the date itself stands."""
    try:
        return instant.astimezone(zone).toordinal()
    except OverflowError:
        return instant.toordinal()


def scaled(values: Floats, low: float, high: float) -> Floats:
    """Values from [low, high] onto [0, 1]; what lies outside is at its end, what is missing at the low."""
    within: Floats = np.minimum(np.fmax(values, low), high)
    return (within - low) / (high - low)


def _row(attributes: Mapping[str, Any], zone: tzinfo) -> tuple[float, float, float, float, float, float]:
    read = attributes.get
    due_day, due_s = _due(read("due"), zone)
    return (
        due_day,
        due_s,
        _seconds(read("createdAt")),
        _number(read("priority")),
        _number(read("effortMin")),
        _number(read("timesShown")),
    )


def _due(due: Any, zone: tzinfo) -> tuple[float, float]:
    if not isinstance(due, Mapping):
        return NAN, NAN
    at = due.get("time")
    if isinstance(at, datetime):
        return float(local_day(at, zone)), _seconds(at)
    on = due.get("date")
    return (float(on.toordinal()), NAN) if isinstance(on, date) else (NAN, NAN)


def _seconds(instant: Any) -> float:
    """Seconds since 1970; an instant without an offset is no instant."""
    if not isinstance(instant, datetime) or instant.tzinfo is None:
        return NAN
    return instant.timestamp()


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return NAN
    try:
        return float(value)
    except OverflowError:
        return NAN
