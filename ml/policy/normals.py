"""Standard normal numbers, drawn once: a decision takes a stretch of them, which is cheaper than drawing."""

from functools import lru_cache

from numpy.random import Generator, Philox

from ml.policy.base import Floats

POOL = 1 << 18
_KEY = 0x6F4F


@lru_cache(maxsize=1)
def _pool() -> Floats:
    pool = Generator(Philox(key=_KEY)).standard_normal(POOL)
    pool.flags.writeable = False
    return pool


def normals(rng: Generator, count: int) -> Floats:
    """`count` of them, from where the generator points; where the pool would repeat too soon, new ones."""
    if count > POOL // 4:
        return rng.standard_normal(count)
    start = int(rng.random() * (POOL - count))
    return _pool()[start : start + count]
