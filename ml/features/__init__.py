"""Features: the only place that turns attributes into numbers. One file each, in a fixed order."""

from ml.features.batch import Batch
from ml.features.feature import Feature
from ml.features.registry import COLUMNS, FEATURES, NAMES, WIDTH, matrix, reason

__all__ = ["COLUMNS", "FEATURES", "NAMES", "WIDTH", "Batch", "Feature", "matrix", "reason"]
