"""How long it has been waiting: days since it was made, full at a month. Unknown or future is new."""

from ml.features.batch import Batch, Floats
from ml.features.feature import Feature

CAP_DAYS = 30.0
DAY_S = 86_400.0


def values(batch: Batch) -> Floats:
    return (batch.moment.now_s - batch.created_s) / (CAP_DAYS * DAY_S)


FEATURE = Feature(
    name="age",
    low=0.0,
    high=1.0,
    purpose="sync",
    reads=("createdAt", "now"),
    why="it has been waiting for you",
    values=values,
)
