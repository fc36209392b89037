"""Every feature, in the order of its columns. Policies have learned by that order: append, never insert."""

from collections.abc import Mapping

import numpy as np

from ml.features import age, due_today, effort, intercept, kind, overdue, priority, times_shown
from ml.features.batch import Batch, Floats
from ml.features.feature import Feature

FEATURES: tuple[Feature, ...] = (
    intercept.FEATURE,
    kind.FEATURE,
    overdue.FEATURE,
    age.FEATURE,
    priority.FEATURE,
    due_today.FEATURE,
    times_shown.FEATURE,
    effort.FEATURE,
)
NAMES: tuple[str, ...] = tuple(column for feature in FEATURES for column in feature.column_names)
COLUMNS: Mapping[str, int] = {name: i for i, name in enumerate(NAMES)}
WIDTH = len(NAMES)


def matrix(batch: Batch) -> Floats:
    """K×WIDTH, each value finite and within its feature's range."""
    block = np.empty((batch.size, WIDTH))
    at = 0
    for feature in FEATURES:
        width = len(feature.column_names)
        block[:, at : at + width] = feature.values(batch).reshape(batch.size, width)
        at += width
    return block
