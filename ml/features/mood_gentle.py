"""Something gentle (a break, people, a thought, rest) when the mood is low. Unknown is not low."""

from ml.features.batch import Batch
from ml.features.feature import Feature
from ml.features.numbers import Floats


def values(batch: Batch) -> Floats:
    return batch.gentle * batch.moment.low_mood


FEATURE = Feature(
    name="mood_gentle",
    low=0.0,
    high=1.0,
    purpose="mood",
    part="timing",
    reads=("theme", "context.mood"),
    why="something gentle should do you good when your mood is low",
    values=values,
)
