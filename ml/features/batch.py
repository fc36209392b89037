"""A decision's candidates as columns. Read once here, so that each feature is a line of arithmetic.

Values are of the contract's types (ml/serving/contract.py), which refuses everything else at the edge.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from struct import Struct
from typing import Any

import numpy as np
from numpy import float64
from numpy.typing import NDArray

from ml.features.days import ALWAYS_S, last_instant_s, local
from ml.features.moment import Moment

Floats = NDArray[float64]
Values = Callable[["Batch"], Floats]
NAN = float("nan")
USUAL_EFFORT_MIN = 30.0

_Marks = tuple[float, ...]
KINDS: Mapping[str, _Marks] = {"todo": (1.0, 0.0, 0.0), "advice": (0.0, 1.0, 0.0), "ambient": (0.0, 0.0, 1.0)}
# Columns: plan, focus, break, social, reflect, and gentle. The other themes have none of their own.
THEMES: Mapping[str, _Marks] = {
    "plan": (1.0, 0.0, 0.0, 0.0, 0.0, 0.0),
    "focus": (0.0, 1.0, 0.0, 0.0, 0.0, 0.0),
    "break": (0.0, 0.0, 1.0, 0.0, 0.0, 1.0),
    "social": (0.0, 0.0, 0.0, 1.0, 0.0, 1.0),
    "reflect": (0.0, 0.0, 0.0, 0.0, 1.0, 1.0),
    "rest": (0.0, 0.0, 0.0, 0.0, 0.0, 1.0),
}
_NO_KIND, _NO_THEME = (0.0,) * 3, (0.0,) * 6
_WIDTH = 21


@dataclass(frozen=True, slots=True)
class Batch:
    """Marks are 0 or 1. What is missing and has no usual value is NaN."""

    size: int
    moment: Moment
    kinds: Floats
    """A row for each of KINDS."""
    todo: Floats
    themes: Floats
    """plan, focus, break, social, reflect."""
    breaks: Floats
    gentle: Floats
    from_calendar: Floats
    generated: Floats
    dismissed_similarity: Floats
    kind_recent: Floats
    times_shown: Floats
    priority: Floats
    created_s: Floats
    said_effort_min: Floats
    effort_min: Floats
    """With the usual half hour where nobody said."""
    due_day: Floats
    due_s: Floats
    """The instant it is due: its hour, else the end of its day in the person's zone, else never."""
    has_slack: Floats
    known: dict[Values, Floats] = field(default_factory=dict)
    """See `once`."""

    @classmethod
    def of(
        cls,
        candidates: Sequence[Mapping[str, Any]],
        now: datetime,
        zone: tzinfo,
        dosage: float | None = None,
        context: Mapping[str, Any] | None = None,
    ) -> "Batch":
        """Candidates are mappings with `kind`, `source` and `attributes`; `now` knows its offset."""
        flat: list[float] = []
        for candidate in candidates:
            flat += _row(candidate, zone)
        size = len(candidates)
        packed = np.frombuffer(Struct(f"{len(flat)}d").pack(*flat))
        table = np.ascontiguousarray(packed.reshape(size, _WIDTH).T)
        return cls(
            size,
            Moment.of(now, zone, dosage, context),
            table[0:3],
            table[0],
            table[3:8],
            table[5],
            *table[8:],
        )


def once(values: Values) -> Values:
    """For a column that others cross with: computed once per batch."""

    def kept(batch: Batch) -> Floats:
        found = batch.known.get(values)
        if found is None:
            found = batch.known[values] = values(batch)
        return found

    return kept


def _row(candidate: Mapping[str, Any], zone: tzinfo) -> tuple[float, ...]:
    kind, read = candidate["kind"], candidate["attributes"].get
    priority, effort_min, created = read("priority"), read("effortMin"), read("createdAt")
    due_day, due_s = _due(read("due"), zone)
    return (
        *KINDS.get(kind, _NO_KIND),
        *THEMES.get(read("theme"), _NO_THEME),
        1.0 if candidate["source"] == "calendar" else 0.0,
        1.0 if read("generated") else 0.0,
        read("dismissedSimilarity") or 0.0,
        read("kindRecent") or 0.0,
        read("timesShown") or 0.0,
        1.0 if priority is None else priority,
        NAN if created is None else created.timestamp(),
        NAN if effort_min is None else effort_min,
        USUAL_EFFORT_MIN if effort_min is None else effort_min,
        due_day,
        due_s,
        1.0 if due_s != ALWAYS_S or kind == "todo" else 0.0,
    )


def _due(due: Any, zone: tzinfo) -> tuple[float, float]:
    if due is None:
        return NAN, ALWAYS_S
    at = due.get("time")
    if at is None:
        on = due["date"]
        return on.toordinal(), last_instant_s(on, zone)
    here = local(at, zone)
    return here.toordinal(), here.timestamp()
