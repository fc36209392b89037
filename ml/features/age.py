"""How long it has been waiting: days since it was made, capped at a month. Unknown or future is new."""

from ml.features.batch import DAY_S, Batch, Floats, scaled
from ml.features.feature import Feature

CAP_DAYS = 30.0


def values(batch: Batch) -> Floats:
    return scaled((batch.now_s - batch.created_s) / DAY_S, 0.0, CAP_DAYS)


FEATURE = Feature(
    name="age",
    low=0.0,
    high=1.0,
    purpose="sync",
    reads=("createdAt",),
    why="it has been waiting for a while",
    values=values,
)
