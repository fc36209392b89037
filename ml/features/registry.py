"""Every feature, in the order of its columns. Policies have learned by that order: append, never insert."""

from collections.abc import Mapping

import numpy as np

from ml.features import (
    age,
    busy_effort,
    dismissed_similarity,
    dose_todo,
    due_today,
    effort,
    effort_daypart,
    fits_gap,
    from_calendar,
    generated,
    hour_suits,
    intercept,
    kind,
    kind_recent,
    mood_gentle,
    near_due,
    overdue,
    priority,
    priority_weekend,
    received,
    sleep_effort,
    theme,
    times_shown,
    todo_daypart,
    todo_effort,
    todo_shown,
    todo_weekend,
)
from ml.features.batch import Batch, Values
from ml.features.feature import Feature, FeaturePart
from ml.features.numbers import Floats

FEATURES: tuple[Feature, ...] = (
    intercept.FEATURE,
    kind.FEATURE,
    overdue.FEATURE,
    age.FEATURE,
    priority.FEATURE,
    due_today.FEATURE,
    times_shown.FEATURE,
    effort.FEATURE,
    near_due.FEATURE,
    theme.FEATURE,
    todo_daypart.FEATURE,
    effort_daypart.FEATURE,
    hour_suits.FEATURE,
    priority_weekend.FEATURE,
    todo_weekend.FEATURE,
    kind_recent.FEATURE,
    dose_todo.FEATURE,
    fits_gap.FEATURE,
    from_calendar.FEATURE,
    generated.FEATURE,
    dismissed_similarity.FEATURE,
    mood_gentle.FEATURE,
    sleep_effort.FEATURE,
    busy_effort.FEATURE,
    todo_shown.FEATURE,
    todo_effort.FEATURE,
    received.FEATURE,
)
NAMES: tuple[str, ...] = tuple(column for feature in FEATURES for column in feature.column_names)
COLUMNS: Mapping[str, int] = {name: i for i, name in enumerate(NAMES)}
BY_COLUMN: Mapping[str, Feature] = {name: feature for feature in FEATURES for name in feature.column_names}
PARTS: tuple[FeaturePart, ...] = tuple(BY_COLUMN[name].part for name in NAMES)
WIDTH = len(NAMES)


def _filled() -> tuple[tuple[Values, int | slice], ...]:
    """Each feature's function and the rows that it fills."""
    rows: list[tuple[Values, int | slice]] = []
    for feature in FEATURES:
        at, width = COLUMNS[feature.column_names[0]], len(feature.column_names)
        rows.append((feature.values, at if width == 1 else slice(at, at + width)))
    return tuple(rows)


_FILLED = _filled()


def matrix(batch: Batch) -> Floats:
    """K×WIDTH, each value finite and within its feature's range."""
    block = np.empty((batch.size, WIDTH))
    rows = block.T
    for values, at in _FILLED:
        rows[at] = values(batch)
    return block


def reason(column: str, value: float) -> str:
    """The person's sentence for a column that spoke for the tip."""
    return BY_COLUMN[column].reason(column, value)
