"""Candidates as columns, of one decision or many. Read once here, so that a feature is a line of arithmetic.

Values are of the contract's types (ml/serving/contract.py), which refuses everything else at the edge.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from struct import Struct, pack
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from ml.features.days import NEVER_S, last_instant_s, local
from ml.features.hours import HOURS, NO_HOURS
from ml.features.moment import WIDTH, Moment, packed
from ml.features.numbers import Floats

Values = Callable[["Batch"], Floats]
NAN = float("nan")
USUAL_EFFORT_MIN = 30.0
NOTHING: Mapping[str, float] = MappingProxyType({})


def _marks(*ones: int, of: int) -> bytes:
    return pack(f"{of}d", *(float(at in ones) for at in range(of)))


KINDS = {"todo": _marks(0, of=3), "advice": _marks(1, of=3), "ambient": _marks(2, of=3)}
# plan, focus, break, social, reflect, move, rest, and two more: gentle, and absorbing. Then its hours.
THEMES = {
    theme: _marks(*marks, of=9) + pack("5d", *HOURS[theme])
    for theme, marks in {
        "plan": (0,),
        "focus": (1, 8),
        "break": (2, 7),
        "social": (3, 7),
        "reflect": (4, 7),
        "move": (5, 8),
        "rest": (6, 7),
        "tidy": (),
    }.items()
}
_NO_KIND, _NO_THEME = _marks(of=3), _marks(of=9) + pack("5d", *NO_HOURS)
_numbers = Struct("14d").pack
_OWN = 3 + 9 + 5 + 14
_WIDTH = _OWN + WIDTH


class Told(NamedTuple):
    """A decision: candidates are mappings with `kind`, `source`, `attributes`, and an `id` where `received`
    (how people received it, by that id) is to be found; `now` knows its offset."""

    candidates: Sequence[Mapping[str, Any]]
    now: datetime
    zone: tzinfo
    dosage: float | None = None
    context: Mapping[str, Any] | None = None
    received: Mapping[str, float] = NOTHING


class Batch(NamedTuple):
    """Marks are 0 or 1. What is missing and has no usual value is NaN."""

    size: int
    moment: Moment
    kinds: Floats
    """A row for each of KINDS."""
    todo: Floats
    themes: Floats
    """plan, focus, break, social, reflect, move, rest."""
    gentle: Floats
    absorbing: Floats
    """Nothing goes beside it."""
    hours: Floats
    """When its theme is welcome: a row for each of Hours."""
    from_calendar: Floats
    generated: Floats
    dismissed_similarity: Floats
    kind_recent: Floats
    times_shown: Floats
    received: Floats
    priority: Floats
    created_s: Floats
    said_effort_min: Floats
    effort_min: Floats
    """With the usual half hour where nobody said."""
    due_day: Floats
    due_s: Floats
    """The instant it is due: its hour, else the end of its day in the person's zone, else never."""
    has_due: Floats
    ones: Floats
    known: dict[Values, Floats]
    """See `once`."""

    @classmethod
    def of(
        cls,
        candidates: Sequence[Mapping[str, Any]],
        now: datetime,
        zone: tzinfo,
        dosage: float | None = None,
        context: Mapping[str, Any] | None = None,
        received: Mapping[str, float] = NOTHING,
    ) -> "Batch":
        return cls.of_all([Told(candidates, now, zone, dosage, context, received)])

    @classmethod
    def of_all(cls, decisions: Iterable[Told]) -> "Batch":
        """The candidates of all, one decision after the other: numpy takes as long for many as for a few."""
        cells: list[bytes] = []
        size = 0
        for candidates, now, zone, dosage, context, received in decisions:
            moment = packed(now, zone, dosage, context)
            for candidate in candidates:
                cells += _row(candidate, zone, received)
                cells.append(moment)
            size += len(candidates)
        table = np.frombuffer(b"".join(cells)).reshape(size, _WIDTH).T
        marks = (table[0:3], table[0], table[3:10], table[10], table[11], table[12:17])
        return cls._make((size, Moment.of(table[_OWN:]), *marks, *table[17:_OWN], {}))


def once(values: Values) -> Values:
    """For a column that others cross with: computed once per batch."""

    def kept(batch: Batch) -> Floats:
        found = batch.known.get(values)
        if found is None:
            found = batch.known[values] = values(batch)
        return found

    return kept


def _row(
    candidate: Mapping[str, Any], zone: tzinfo, received: Mapping[str, float]
) -> tuple[bytes, bytes, bytes]:
    kind, read = candidate["kind"], candidate["attributes"].get
    priority, effort_min, created = read("priority"), read("effortMin"), read("createdAt")
    due = read("due")
    due_day, due_s = _due(due, zone)
    return (
        KINDS.get(kind, _NO_KIND),
        THEMES.get(read("theme"), _NO_THEME),
        _numbers(
            candidate["source"] == "calendar",
            read("generated") or 0.0,
            read("dismissedSimilarity") or 0.0,
            read("kindRecent") or 0.0,
            read("timesShown") or 0.0,
            received.get(candidate["id"], 0.0) if received else 0.0,
            1.0 if priority is None else priority,
            NAN if created is None else created.timestamp(),
            NAN if effort_min is None else effort_min,
            USUAL_EFFORT_MIN if effort_min is None else effort_min,
            due_day,
            due_s,
            due is not None,
            1.0,
        ),
    )


def _due(due: Any, zone: tzinfo) -> tuple[float, float]:
    if due is None:
        return NAN, NEVER_S
    at = due.get("time")
    if at is None:
        on = due["date"]
        return on.toordinal(), last_instant_s(on, zone)
    here = local(at, zone)
    return here.toordinal(), here.timestamp()
