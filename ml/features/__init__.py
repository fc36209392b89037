"""Features: the only place that turns attributes into numbers. One file each, in a fixed order."""

from ml.features.batch import Batch, Told
from ml.features.feature import Feature
from ml.features.registry import BY_COLUMN, COLUMNS, FEATURES, NAMES, PARTS, WIDTH, matrix, reason

__all__ = [
    "BY_COLUMN",
    "COLUMNS",
    "FEATURES",
    "NAMES",
    "PARTS",
    "WIDTH",
    "Batch",
    "Feature",
    "Told",
    "matrix",
    "reason",
]
