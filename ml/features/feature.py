"""What a feature declares about itself."""

from dataclasses import dataclass
from typing import Literal

from ml.features.batch import Values

# Which consent a feature rests on: `service` is oO working at all, `sync` is reading a connected app's tasks,
# the others are what they are called. The most personal of what it reads decides.
Purpose = Literal["service", "sync", "calendar", "mood", "sleep"]
# Which typed correction moves its weight. `choice`: true of the candidate whenever it is shown. `timing`:
# crosses it with the moment, so that it passes by waiting; and the intercept, which can change no choice.
FeaturePart = Literal["timing", "choice", "both"]


@dataclass(frozen=True, slots=True)
class Feature:
    name: str
    low: float
    high: float
    purpose: Purpose
    part: FeaturePart
    reads: tuple[str, ...]
    """`kind`, `source`, attributes of a candidate; `now`, `timeZone`, `dosage`, `context.…` of the moment."""
    why: str | tuple[str, ...]
    """For the person, when this feature spoke for the tip; one for each column where they differ."""
    values: Values
    """K values, or a row for each column. All within the range."""
    columns: tuple[str, ...] = ()
    """The names of its columns; one column named like the feature unless it says otherwise."""
    why_below: str = ""
    """Instead of `why` when the value is below zero."""
    why_less: str | tuple[str, ...] = ""
    """Where having less of it than the others spoke for the tip; nothing is said where this is empty."""

    @property
    def column_names(self) -> tuple[str, ...]:
        return self.columns or (self.name,)

    def reason(self, column: str, value: float) -> str:
        """The sentence for a value whose contribution was positive."""
        return self.why_below if value < 0 else self._of(column, self.why)

    def reason_less(self, column: str) -> str:
        """The sentence for a weight below zero where the others have more of it."""
        return self._of(column, self.why_less)

    def _of(self, column: str, said: str | tuple[str, ...]) -> str:
        return said if isinstance(said, str) else said[self.column_names.index(column)]
