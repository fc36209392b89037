"""How much of its kind and theme was shown lately: the logarithm of the decayed count, full at 15.

Of tasks `dose_todo` and `todo_shown` tell: 0.
"""

from ml.features.batch import Batch
from ml.features.feature import Feature
from ml.features.numbers import ONE, Floats
from ml.features.scale import doublings

scaled = doublings(15)


def values(batch: Batch) -> Floats:
    return scaled(batch.kind_recent) * (ONE - batch.todo)


FEATURE = Feature(
    name="kind_recent",
    low=0.0,
    high=1.0,
    purpose="service",
    part="both",
    reads=("kind", "kindRecent"),
    why="you have had some of this kind lately, and more of it should help",
    values=values,
    why_less="you have had less of its kind lately",
)
