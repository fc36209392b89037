"""Tails and quantiles of the normal, Student's t and chi-square, from the standard library alone."""

from functools import lru_cache
from math import erfc, exp, inf, lgamma, log, log1p, sqrt
from statistics import NormalDist

_STEPS = 100_000
_TINY = 1e-300
_CLOSE = 1e-14


def normal_tail(z: float) -> float:
    """P(Z > z)."""
    return 0.5 * erfc(z / sqrt(2))


def normal_quantile(p: float) -> float:
    return NormalDist().inv_cdf(p)


def chi_square_tail(x: float, degrees: float) -> float:
    """P(χ² > x): the incomplete gamma, by its series near 0 and its continued fraction (Lentz) far out."""
    if x <= 0 or degrees <= 0:
        return 1.0
    a, y = degrees / 2, x / 2
    front = exp(a * log(y) - y - lgamma(a))
    if y < a + 1:
        term = total = 1 / a
        for n in range(1, _STEPS):
            term *= y / (a + n)
            total += term
            if term < total * _CLOSE:
                break
        return max(0.0, 1 - front * total)
    b = y + 1 - a
    c, d = 1 / _TINY, 1 / b
    h = d
    for n in range(1, _STEPS):
        b += 2
        part = n * (a - n)
        d = 1 / (part * d + b or _TINY)
        c = b + part / c or _TINY
        h *= d * c
        if abs(d * c - 1) < _CLOSE:
            break
    return front * h


def _beta_share(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta I_x(a, b), for x ≤ (a + 1)/(a + b + 2)."""
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
    c, d = 1.0, 1 / (1 - (a + b) * x / (a + 1) or _TINY)
    h = d
    for m in range(1, _STEPS):
        for part in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / (1 + part * d or _TINY)
            c = 1 + part / c or _TINY
            h *= d * c
        if abs(d * c - 1) < _CLOSE:
            break
    return front * h


def t_tail(t: float, degrees: float) -> float:
    """P(T > t)."""
    if t < 0:
        return 1 - t_tail(-t, degrees)
    if t == 0 or t == inf:
        return 0.5 if t == 0 else 0.0
    a, x = degrees / 2, degrees / (degrees + t * t)
    if x <= (a + 1) / (a + 2.5):
        return 0.5 * _beta_share(a, 0.5, x)
    return 0.5 * (1 - _beta_share(0.5, a, t * t / (degrees + t * t)))


@lru_cache(maxsize=1024)
def t_quantile(p: float, degrees: float) -> float:
    """Where P(T ≤ t) = p, for p ≥ ½, by halving."""
    low, high = 0.0, 1.0
    while 1 - t_tail(high, degrees) < p and high < 1e12:
        high *= 2
    while high - low > 1e-10 * high:
        middle = (low + high) / 2
        low, high = (middle, high) if 1 - t_tail(middle, degrees) < p else (low, middle)
    return (low + high) / 2
