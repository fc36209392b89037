"""Standard normal numbers, drawn once: a decision takes a stretch of them, which is cheaper than drawing."""

from functools import lru_cache

import numpy as np
from numpy.random import Generator, Philox

from ml.policy.base import Floats

POOL = 1 << 16
TINY = 1e-9
_KEY = 0x6F4F


def normals(rng: Generator, count: int, tiny: int) -> tuple[Floats, Floats]:
    """`count` of them from where the generator points, and after them `tiny` that are a billionth as large.
    Where the pool would repeat too soon, new ones."""
    if count + tiny > POOL // 2:
        return rng.standard_normal(count), rng.standard_normal(tiny) * TINY
    start = int(rng.random() * (POOL - count - tiny))
    pool = _pool()
    return pool[0, start : start + count], pool[1, start + count : start + count + tiny]


@lru_cache(maxsize=1)
def _pool() -> Floats:
    pool: Floats = np.array([[1.0], [TINY]]) * Generator(Philox(key=_KEY)).standard_normal(POOL)
    pool.flags.writeable = False
    return pool
