"""What a linear model believes of one person: a prior and the person's sums, put together on read.

A = Σ⁻¹ + S/σ² is the precision and b = Σ⁻¹μ + c/σ²; the mean is A⁻¹b and the covariance A⁻¹.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import isfinite
from typing import NamedTuple

import numpy as np
from numpy.linalg import LinAlgError, cholesky

from ml.policy.base import Floats, Prior
from ml.policy.sums import HALF_LIFE_DAYS, Sums

TAU = 0.5
NOISE_VAR = 0.25
_FAR = 1e100


class Unusable(ArithmeticError):
    """A posterior that is not finite or not positive definite."""


class Posterior(NamedTuple):
    a: Floats
    b: Floats


def flat(d: int, tau: float = TAU) -> Prior:
    """What is assumed where nothing is known: N(0, τ²I)."""
    return Prior(np.zeros(d), np.eye(d) * tau**2, NOISE_VAR, "flat")


@dataclass(frozen=True, slots=True)
class Assumed:
    """A prior made ready for reading posteriors."""

    prior: Prior
    precision: Floats
    pull: Floats

    @classmethod
    def of(cls, prior: Prior, d: int) -> "Assumed":
        if prior.mean.shape != (d,) or prior.cov.shape != (d, d):
            raise ValueError(f"The prior {prior.version!r} has {len(prior.mean)} columns, the policy {d}.")
        if not 0 < prior.noise_var < np.inf or not np.isfinite(prior.mean).all():
            raise ValueError(f"The prior {prior.version!r} needs a finite mean and a noise variance above 0.")
        try:
            cholesky(prior.cov)
        except LinAlgError:
            raise ValueError(f"The covariance of prior {prior.version!r} is not positive definite.") from None
        precision = np.linalg.inv(prior.cov)
        precision = (precision + precision.T) / 2
        return cls(prior, precision, precision @ prior.mean)

    def read(self, sums: Sums, t_days: float | None, half_life_days: float = HALF_LIFE_DAYS) -> Posterior:
        if not isfinite(np.vdot(sums.s, sums.s)) or not isfinite(np.vdot(sums.c, sums.c)):
            raise Unusable
        weight = sums.kept(t_days, half_life_days) / self.prior.noise_var
        return Posterior(self.precision + sums.matrix() * weight, self.pull + sums.c * weight)


def mean(posterior: Posterior) -> Floats:
    """Usable or not as `beneath` says it, so that what is explained is what decided."""
    try:
        cholesky(posterior.a)
        theta: Floats = np.linalg.solve(posterior.a, posterior.b).astype(np.float64, copy=False)
    except LinAlgError:
        raise Unusable from None
    return theta


def spread(posterior: Posterior) -> Floats:
    """The standard deviation of each weight."""
    try:
        left = np.linalg.inv(cholesky(posterior.a))
    except LinAlgError:
        raise Unusable from None
    widths: Floats = np.sqrt(np.square(left).sum(axis=0))
    return widths


def beneath(posterior: Posterior, x: Floats | None) -> tuple[Floats, Floats]:
    """x L⁻ᵀ (without an x L⁻ᵀ itself) and L⁻¹b, where A = LL'. A row times the latter is a score. One
    factorisation does it all: what is put beneath A, Cholesky leaves there times L⁻ᵀ."""
    d = len(posterior.b)
    frame = _frame(d, d if x is None else len(x), x is None).copy()
    frame[:d, :d] = posterior.a
    frame[-1, :d] = posterior.b
    if x is not None:
        frame[d:-1, :d] = x
    try:
        left: Floats = cholesky(frame).astype(np.float64, copy=False)[d:, :d]
    except LinAlgError:
        raise Unusable from None
    return left[:-1], left[-1]


@lru_cache(maxsize=256)
def _frame(d: int, rows: int, whole: bool) -> Floats:
    """Room for A and what goes beneath it; the far corner only has to be large enough to be no obstacle."""
    frame = np.diag(np.full(d + rows + 1, _FAR))
    if whole:
        frame[d:-1, :d] = np.eye(d)
    frame.flags.writeable = False
    return frame
