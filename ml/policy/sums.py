"""The sufficient statistics of a linear reward model under forgetting, with no prior folded in.

S = Σ γ^Δt x x', c = Σ γ^Δt x r, q = Σ γ^Δt r², n = Σ γ^Δt, γ = 2^(−1/30 d). Every step is elementwise, so the
same steps in the same order give the same bytes. S is kept as its upper triangle, S and c to seven digits:
rounded after each step, so that half the bytes hold all there is. What never meets (a task and a theme) is
0 in S and takes a bit.
"""

import struct
from dataclasses import dataclass
from functools import lru_cache
from math import isqrt
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ml.policy.base import Floats, State

HALF_LIFE_DAYS = 30.0
_MAGIC = b"sum3"
_HEAD = struct.Struct("<4sI3d")
Index = NDArray[np.intp]


@lru_cache(maxsize=8)
def _triangle(d: int) -> tuple[Index, Index]:
    return np.triu_indices(d)


@lru_cache(maxsize=8)
def _square(d: int) -> Index:
    """Where in the triangle each cell of the full matrix lies."""
    rows, columns = _triangle(d)
    places = np.zeros((d, d), dtype=np.intp)
    places[rows, columns] = places[columns, rows] = np.arange(len(rows))
    return places


def squares(triangles: Floats) -> Floats:
    """Many triangles, a row each, as full matrices."""
    d = isqrt(2 * triangles.shape[1])
    return triangles.take(_square(d), axis=1)


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    s: Floats
    c: Floats
    q: float
    n: float
    last_t: float

    @classmethod
    def empty(cls, d: int) -> Self:
        return cls(np.zeros(d * (d + 1) // 2), np.zeros(d), 0.0, 0.0, 0.0)

    @property
    def d(self) -> int:
        return len(self.c)

    def matrix(self) -> Floats:
        return self.s.take(_square(len(self.c)))

    def kept(self, t_days: float | None, half_life_days: float = HALF_LIFE_DAYS) -> float:
        """What share of it is still remembered then; None is the time of the newest reward."""
        if t_days is None or self.n == 0.0 or t_days <= self.last_t:
            return 1.0
        return float(2.0 ** (-(t_days - self.last_t) / half_life_days))

    def at(self, t_days: float, half_life_days: float = HALF_LIFE_DAYS) -> "Sums":
        """Everything forgotten up to then."""
        if self.n == 0.0 or t_days <= self.last_t:
            return self
        kept = self.kept(t_days, half_life_days)
        return Sums(self.s * kept, self.c * kept, self.q * kept, self.n * kept, t_days)

    def revised(
        self,
        x: Floats,
        old: float | None,
        new: float | None,
        t_days: float,
        half_life_days: float = HALF_LIFE_DAYS,
    ) -> "Sums":
        """A reward comes (old None), changes, or is taken out (new None)."""
        now = self.at(t_days, half_life_days)
        last_t = max(now.last_t, t_days) if now.n else t_days
        weight = 2.0 ** (-(last_t - t_days) / half_life_days)
        was, becomes = old or 0.0, new or 0.0
        step = float((new is not None) - (old is not None))
        rows, columns = _triangle(self.d)
        s = now.s + (step * weight) * (x.take(rows) * x.take(columns)) if step else now.s
        return Sums(
            _rounded(s),
            _rounded(now.c + (weight * (becomes - was)) * x),
            now.q + weight * (becomes * becomes - was * was),
            now.n + weight * step,
            last_t,
        )

    def to_bytes(self) -> bytes:
        head = _HEAD.pack(_MAGIC, self.d, self.q, self.n, self.last_t)
        met = self.s != 0.0
        numbers = np.concatenate([self.s[met], self.c]).astype("<f4")
        return head + np.packbits(met).tobytes() + numbers.tobytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        if len(data) < _HEAD.size or data[:4] != _MAGIC:
            raise ValueError("These bytes are not sums.")
        _, d, q, n, last_t = _HEAD.unpack_from(data)
        triangle = d * (d + 1) // 2
        begins = _HEAD.size + (triangle + 7) // 8
        bits = np.frombuffer(data[_HEAD.size : begins], dtype=np.uint8)
        met = np.unpackbits(bits, count=min(triangle, 8 * len(bits))).view(np.bool_)
        if len(data) != begins + 4 * (int(met.sum()) + d):
            raise ValueError("These bytes are not whole sums.")
        numbers = np.frombuffer(data, dtype="<f4", offset=begins).astype(np.float64)
        s = np.zeros(triangle)
        s[met] = numbers[: len(numbers) - d]
        return cls(s, numbers[len(numbers) - d :], q, n, last_t)


def _rounded(numbers: Floats) -> Floats:
    return numbers.astype(np.float32).astype(np.float64)


def summed(state: State) -> Sums:
    """The guarantee that a state handed to a linear policy is one of its own."""
    if not isinstance(state, Sums):
        raise TypeError(f"Expected sums, got {type(state).__name__}.")
    return state
