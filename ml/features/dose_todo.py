"""A task after many tips: the logarithm of the decayed count of tips shown lately, full at 15."""

from math import log1p

from ml.features.batch import Batch, Floats
from ml.features.feature import Feature

FULL = log1p(15.0)


def values(batch: Batch) -> Floats:
    return batch.todo * min(1.0, log1p(batch.moment.dosage) / FULL)


FEATURE = Feature(
    name="dose_todo",
    low=0.0,
    high=1.0,
    purpose="service",
    reads=("kind", "dosage"),
    why="a task tends to help you after other tips",
    values=values,
)
