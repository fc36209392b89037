"""What a feature declares about itself."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from numpy import float64
from numpy.typing import NDArray

from ml.features.batch import Batch

Floats = NDArray[float64]

# Which consent a feature rests on: `service` is oO working at all, `sync` is reading a connected app.
Purpose = Literal["service", "sync"]


@dataclass(frozen=True, slots=True)
class Feature:
    name: str
    low: float
    high: float
    purpose: Purpose
    reads: tuple[str, ...]
    why: str
    """The person's sentence when this feature spoke for the tip."""
    values: Callable[[Batch], Floats]
    """K values, or K×n for a feature of n columns."""
    columns: tuple[str, ...] = ()
    """The names of its columns; one column named like the feature unless it says otherwise."""

    @property
    def column_names(self) -> tuple[str, ...]:
        return self.columns or (self.name,)
