"""What sort of tip it is. An unknown kind has no mark, so it stands on its other features."""

from collections.abc import Mapping

import numpy as np

from ml.features.batch import Batch, Floats
from ml.features.feature import Feature

_COLUMN: Mapping[str, int] = {"todo": 0, "advice": 1, "ambient": 2}
_UNKNOWN = len(_COLUMN)
_MARKS = np.vstack([np.eye(len(_COLUMN)), np.zeros(len(_COLUMN))])


def values(batch: Batch) -> Floats:
    marks: Floats = _MARKS[[_COLUMN.get(kind, _UNKNOWN) for kind in batch.kinds]]
    return marks


FEATURE = Feature(
    name="kind",
    low=0.0,
    high=1.0,
    purpose="service",
    reads=("kind",),
    why="this kind of tip works for you",
    values=values,
    columns=("kind_todo", "kind_advice", "kind_ambient"),
)
