"""How much it takes in the morning, and in the evening."""

from ml.features import effort
from ml.features.batch import Batch
from ml.features.feature import Feature
from ml.features.numbers import Floats


def values(batch: Batch) -> Floats:
    return effort.values(batch) * batch.moment.morning_evening


FEATURE = Feature(
    name="effort_daypart",
    low=0.0,
    high=1.0,
    purpose="sync",
    part="timing",
    reads=("effortMin", "now", "timeZone"),
    why=(
        "the time it takes should suit your mornings",
        "the time it takes should suit your evenings",
    ),
    values=values,
    columns=("effort_morning", "effort_evening"),
    why_less=(
        "it is shorter than the rest, which should suit your mornings",
        "it is shorter than the rest, which should suit your evenings",
    ),
)
