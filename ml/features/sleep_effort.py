"""How much it takes, the more the worse the night was. Unknown is a good one."""

from ml.features import effort
from ml.features.batch import Batch
from ml.features.feature import Feature
from ml.features.numbers import Floats


def values(batch: Batch) -> Floats:
    return effort.values(batch) * batch.moment.poor_sleep


FEATURE = Feature(
    name="sleep_effort",
    low=0.0,
    high=1.0,
    purpose="sleep",
    part="timing",
    reads=("effortMin", "context.sleep"),
    why="the time it takes should suit how you slept",
    values=values,
    why_less="it is shorter than the rest, which should suit how you slept",
)
