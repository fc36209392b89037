"""What sort of tip it is. An unknown kind has no mark, so it stands on its other features."""

from ml.features.batch import Batch
from ml.features.feature import Feature
from ml.features.numbers import Floats


def values(batch: Batch) -> Floats:
    return batch.kinds


FEATURE = Feature(
    name="kind",
    low=0.0,
    high=1.0,
    purpose="service",
    part="choice",
    reads=("kind",),
    why=(
        "doing one of your tasks should help you now",
        "a piece of advice should help you now",
        "a quiet thought should do you good now",
    ),
    values=values,
    columns=("kind_todo", "kind_advice", "kind_ambient"),
)
