"""Standard normal numbers, drawn once: a decision takes a stretch of them, which is cheaper than drawing."""

from functools import lru_cache

from numpy.random import Generator, Philox

from ml.policy.base import Floats

POOL = 1 << 16
TINY = 1e-9
_KEY = 0x6F4F


def normals(rng: Generator, count: int) -> Floats:
    """`count` of them, from where the generator points; where the pool would repeat too soon, new ones."""
    return _stretch(rng, count, 1.0)


def tiny_normals(rng: Generator, count: int) -> Floats:
    return _stretch(rng, count, TINY)


def _stretch(rng: Generator, count: int, scale: float) -> Floats:
    if count > POOL // 4:
        return rng.standard_normal(count) * scale
    start = int(rng.random() * (POOL - count))
    return _pool(scale)[start : start + count]


@lru_cache(maxsize=2)
def _pool(scale: float) -> Floats:
    pool: Floats = Generator(Philox(key=_KEY)).standard_normal(POOL) * scale
    pool.flags.writeable = False
    return pool
