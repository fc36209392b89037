"""A task after many tips: the logarithm of the decayed count of tips shown lately, full at 15."""

from ml.features.batch import Batch
from ml.features.feature import Feature
from ml.features.numbers import Floats
from ml.features.scale import doublings

scaled = doublings(15)


def values(batch: Batch) -> Floats:
    return batch.todo * scaled(batch.moment.dosage)


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
