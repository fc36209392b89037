"""Now or later: whether the best tip of this moment is worth an interruption, or a later one will be.

For a push the actions are the candidates and silence. The best score s*, with what the moment adds, is held
against what is to be expected of the day's other opportunities: of candidates as this person's past ones and
today's, of moments as their learned day goes on. With b sends left for n of them it should be among the best
b/n, and above the price; n is what is left when each push but the last makes some pass.
Hard rules (quiet hours, gaps, caps, a busy calendar) come before this and are not learned.
"""

import struct
from dataclasses import dataclass
from math import exp, hypot, isfinite, sqrt
from statistics import NormalDist
from typing import NamedTuple, Self

from ml.policy.base import Floats

MEMORY = 200.0
"""How many past opportunities count: beyond that, old ones fade."""
SPREAD, DOUBT = 0.25, 3.0
"""What scores are taken to vary by before anything was seen, and for how many opportunities that counts."""
ALIKE, UNLIKE = 0.8, 0.4
"""How far later today is as now, and what is left of the deviation between days."""
LEAST, MOST = 0.05, 0.95
GAP_MIN = 90.0
"""How long a push keeps others away: opportunities that pass unused."""
BAND = 0.25
"""How far around the threshold it is left to chance, in standard deviations of s*."""
_LAYOUT = struct.Struct("<4s3d")
_MAGIC = b"tim1"
_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Seen:
    """The running mean and deviation of s* at one person's opportunities."""

    n: float = 0.0
    mean: float = 0.0
    squares: float = 0.0

    def with_one(self, best: float) -> "Seen":
        """One more opportunity, whether or not it was used. What is no number teaches nothing."""
        if not isfinite(best):
            return self
        kept = min(1.0, (MEMORY - 1.0) / self.n) if self.n else 1.0
        n = self.n * kept + 1.0
        step = best - self.mean
        mean = self.mean + step / n
        return Seen(n, mean, self.squares * kept + step * (best - mean))

    @property
    def deviation(self) -> float:
        return sqrt((self.squares + DOUBT * SPREAD**2) / (self.n + DOUBT))

    def to_bytes(self) -> bytes:
        return _LAYOUT.pack(_MAGIC, self.n, self.mean, self.squares)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        if len(data) != _LAYOUT.size or data[:4] != _MAGIC:
            raise ValueError("These bytes are not a timing state.")
        return cls(*_LAYOUT.unpack(data)[1:])


class Later(NamedTuple):
    """What the best tip is taken to be worth at the opportunities that are left: about normal."""

    mean: float
    deviation: float


def later(seen: Seen, now: float, added: Floats) -> Later:
    """`seen` and `now` are of candidates alone; `added` is what each moment that is left adds. The same
    things are there in an hour, so most of it is as now."""
    mean = seen.mean + ALIKE * (now - seen.mean) if seen.n else now
    return Later(mean + float(added.mean()), hypot(seen.deviation * UNLIKE, float(added.std())))


def usable(sends_left: int, opportunities_left: int, every_min: float) -> int:
    """How many opportunities are left to choose from: each push but the last makes some pass."""
    passed = round(max(0.0, GAP_MIN / every_min - 1.0) * max(0, sends_left - 1))
    return max(1, opportunities_left - passed)


def threshold(later: Later, sends_left: int, opportunities_left: int, price: float = 0.0) -> float:
    """What s* must exceed: max(price, m + sd·Φ⁻¹(1 − b/n)), n of `usable`; infinite where none is left."""
    if sends_left <= 0:
        return float("inf")
    share = sends_left / max(opportunities_left, 1)
    if share >= 1.0:
        return price
    return max(price, later.mean + later.deviation * _NORMAL.inv_cdf(1.0 - share))


def send_probability(best: float, above: float, deviation: float, price: float = 0.0) -> float:
    """π_send. Near the threshold chance decides, between LEAST and MOST, so that the log can judge other
    thresholds; clearly below, and for what is not worth its price, it stays silent for certain."""
    if not isfinite(above) or not isfinite(best) or best <= price:
        return 0.0
    width = BAND * max(deviation, 1e-6)
    away = (best - above) / width
    if away < -1.0:
        return 0.0
    return min(MOST, max(LEAST, 1.0 / (1.0 + exp(-4.0 * min(away, 10.0)))))
