"""What it is about, where that is known. Tidying has no column: it is advice without another mark."""

from ml.features.batch import Batch
from ml.features.feature import Feature
from ml.features.numbers import Floats


def values(batch: Batch) -> Floats:
    return batch.themes


FEATURE = Feature(
    name="theme",
    low=0.0,
    high=1.0,
    purpose="service",
    part="choice",
    reads=("theme",),
    why=(
        "a little planning should help you",
        "a stretch of focus should help you",
        "a break should do you good",
        "being in touch with people should do you good",
        "a moment to reflect should do you good",
        "moving a little should do you good",
        "some rest should do you good",
    ),
    values=values,
    columns=(
        *("theme_plan", "theme_focus", "theme_break", "theme_social", "theme_reflect"),
        *("theme_move", "theme_rest"),
    ),
)
