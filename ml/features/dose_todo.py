"""A task after many tips: the logarithm of the decayed count of tips shown lately, full at 15."""

from math import log1p

from ml.features.batch import Batch
from ml.features.feature import Feature
from ml.features.numbers import Floats, number

FULL = log1p(15)


def values(batch: Batch) -> Floats:
    return batch.todo * number(min(log1p(batch.moment.dosage) / FULL, 1.0))


FEATURE = Feature(
    name="dose_todo",
    low=0.0,
    high=1.0,
    purpose="service",
    part="timing",
    reads=("kind", "dosage"),
    why="a task should help you after other tips",
    values=values,
)
