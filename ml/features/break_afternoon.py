"""A break in the afternoon."""

from ml.features.batch import Batch
from ml.features.feature import Feature
from ml.features.numbers import Floats


def values(batch: Batch) -> Floats:
    return batch.breaks * batch.moment.afternoon


FEATURE = Feature(
    name="break_afternoon",
    low=0.0,
    high=1.0,
    purpose="service",
    part="timing",
    reads=("theme", "now", "timeZone"),
    why="a break in the afternoon should do you good",
    values=values,
)
