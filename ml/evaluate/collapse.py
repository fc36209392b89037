"""Collapse alarm: a policy that stopped trying, draws narrower than logged, or one kind of tip all day."""

from dataclasses import dataclass

import numpy as np

from ml.evaluate.candidates import Candidates
from ml.evaluate.logged import Ints
from ml.evaluate.surprise import Surprise, surprise

NARROWEST = 0.05
"""the share of the full entropy below which nothing is tried any more"""
NARROWER_Z = -4.0
KIND_CEILING = 0.8


@dataclass(frozen=True, slots=True)
class KindDay:
    day: int
    kind: int
    """the most frequent of the day"""
    share: float
    at_least: float
    """what its share is at least, in 99 % of days like it (Wilson)"""
    n: int


@dataclass(frozen=True, slots=True)
class Collapse:
    surprise: Surprise
    one_kind: tuple[KindDay, ...]
    """days on which one kind took more than its ceiling, surely"""

    @property
    def narrow(self) -> bool:
        """The policy itself puts almost all on one candidate."""
        return self.surprise.full > 0 and self.surprise.implied < NARROWEST * self.surprise.full

    @property
    def narrower_than_logged(self) -> bool:
        return self.surprise.z < NARROWER_Z

    @property
    def alarming(self) -> bool:
        return self.narrow or self.narrower_than_logged or bool(self.one_kind)


def collapse(candidates: Candidates, day: Ints, kind: Ints, ceiling: float = KIND_CEILING) -> Collapse:
    """`day` and `kind` (of the chosen) per decision."""
    over = tuple(k for k in kind_days(day, kind) if k.at_least > ceiling)
    return Collapse(surprise(candidates), over)


def kind_days(day: Ints, kind: Ints) -> list[KindDay]:
    """The day's most frequent kind, day by day."""
    days = []
    for one in np.unique(day):
        kinds, counts = np.unique(kind[day == one], return_counts=True)
        best, n = int(counts.argmax()), int(counts.sum())
        share = int(counts[best]) / n
        days.append(KindDay(int(one), int(kinds[best]), share, _wilson(share, n), n))
    return days


def _wilson(share: float, n: int, z: float = 2.326) -> float:
    middle = share + z * z / (2 * n)
    reach = z * float(np.sqrt(share * (1 - share) / n + z * z / (4 * n * n)))
    return (middle - reach) / (1 + z * z / n)
