"""The population's prior from people's sums: empirical Bayes by EM. Whose sums come in has been asked before.

`gather` is the E-step: d² + d + 2 numbers and a count per worker, which add up; `solve` is the M-step.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from ml.policy.base import Floats, Prior
from ml.policy.sums import HALF_LIFE_DAYS, Sums, squares

LEAST_PEOPLE = 5
"""Fewer are not pooled: what is true of a few might tell of one."""
LEAST_TAUGHT = 10.0
"""Rewards, each by how fresh it is: who taught less is not among them."""
TAU0 = 0.2
START_PEOPLE = 10.0
"""κ₀: how many people the start's mean counts for; with a few taught people it hardly moves."""
NOISE_WEIGHT = 20.0
"""a₀: how many rewards the shipped noise variance (s₀²) counts for."""
LEAST_NOISE, MOST_NOISE = 1e-3, 10.0
LEAST_VARIANCE = 1e-6
LEAST_WEIGHT = 1e-3
ROUNDS = 60
TOLERANCE = 1e-3
AT_ONCE = 256
"""People in memory together."""


@dataclass(frozen=True, slots=True)
class PriorSums:
    """Of posterior means m and covariances V: Σ m, Σ (V + mm'), squared residuals, and the counts."""

    means: Floats
    squares: Floats
    residual: float
    rewards: float
    people: int

    @classmethod
    def nothing(cls, d: int) -> "PriorSums":
        return cls(np.zeros(d), np.zeros((d, d)), 0.0, 0.0, 0)

    def __add__(self, other: "PriorSums") -> "PriorSums":
        return PriorSums(
            self.means + other.means,
            self.squares + other.squares,
            self.residual + other.residual,
            self.rewards + other.rewards,
            self.people + other.people,
        )


def gather(
    states: Sequence[Sums], prior: Prior, t_days: float | None, half_life_days: float = HALF_LIFE_DAYS
) -> PriorSums:
    """What these people say of the population, seen with this prior. Who taught nothing says nothing."""
    total = PriorSums.nothing(len(prior.mean))
    for start in range(0, len(states), AT_ONCE):
        total += _gathered(states[start : start + AT_ONCE], prior, t_days, half_life_days)
    return total


def _gathered(states: Sequence[Sums], prior: Prior, t_days: float | None, half_life_days: float) -> PriorSums:
    kept = [state.kept(t_days, half_life_days) for state in states]
    taught = [
        (state, weight)
        for state, weight in zip(states, kept, strict=True)
        if state.n * weight >= LEAST_WEIGHT
        and np.isfinite(state.q)
        and np.isfinite(state.s).all()
        and np.isfinite(state.c).all()
    ]
    if not taught:
        return PriorSums.nothing(len(prior.mean))
    weights = np.array([weight for _, weight in taught])
    s = squares(np.stack([state.s for state, _ in taught])) * weights[:, None, None]
    c = np.stack([state.c for state, _ in taught]) * weights[:, None]
    q, n = np.array([(state.q * weight, state.n * weight) for state, weight in taught]).T

    precision = np.linalg.inv(prior.cov)
    v = np.linalg.inv(precision + s / prior.noise_var)
    m = (v @ (precision @ prior.mean + c / prior.noise_var)[:, :, None])[:, :, 0]
    second = v + m[:, :, None] * m[:, None, :]
    return PriorSums(
        m.sum(axis=0),
        second.sum(axis=0),
        float(q.sum() - 2.0 * np.vdot(m, c) + np.vdot(s, second)),
        float(n.sum()),
        len(taught),
    )


def solve(sums: PriorSums, prior: Prior, start: Prior) -> Prior:
    """The prior under which these sums, seen with `prior`, are likeliest, where the start counts for people
    of its own: κ₀ of them for the mean, d + 2 for the covariance. Where nobody's rewards speak, it stands."""
    u, strength = sums.people, len(prior.mean) + 2.0
    mean: Floats = (sums.means + START_PEOPLE * start.mean) / (u + START_PEOPLE)
    crossed, moved = np.outer(mean, sums.means), mean - start.mean
    around = sums.squares - crossed - crossed.T + u * np.outer(mean, mean)
    assumed = strength * start.cov + START_PEOPLE * np.outer(moved, moved)
    noise = (sums.residual + NOISE_WEIGHT * start.noise_var) / (sums.rewards + NOISE_WEIGHT)
    noise_var = float(np.clip(noise, LEAST_NOISE, MOST_NOISE))
    return _named(mean, _repaired((around + assumed) / (u + strength)), noise_var)


def pooled(
    start: Prior,
    states: Sequence[Sums],
    t_days: float | None = None,
    half_life_days: float = HALF_LIFE_DAYS,
) -> Prior:
    """A pure function of the start and of these people; without anybody it is the start."""
    fit = fitting(start)
    prior = next(fit)
    try:
        while True:
            prior = fit.send(gather(states, prior, t_days, half_life_days))
    except StopIteration as end:
        fitted: Prior = end.value
        return fitted


def fitting(start: Prior) -> Generator[Prior, PriorSums, Prior]:
    """EM for whoever gathers: yields the prior to see people with, is sent their sums, returns the fit."""
    prior = start
    for _ in range(ROUNDS):
        sums = yield prior
        if sums.people == 0:
            return start
        before, prior = prior, solve(sums, prior, start)
        if _settled(before, prior):
            break
    return prior


def _settled(before: Prior, now: Prior) -> bool:
    """Nothing moved by more than a thousandth of what people differ by."""
    spread = np.sqrt(np.diag(now.cov))
    moved = np.abs(now.mean - before.mean) / spread
    widened = np.abs(np.sqrt(np.diag(before.cov)) / spread - 1.0)
    noisier = abs(before.noise_var / now.noise_var - 1.0)
    return bool(max(moved.max(), widened.max(), noisier) < TOLERANCE)


def _repaired(cov: Floats) -> Floats:
    even: Floats = (cov + cov.T) / 2
    values, vectors = np.linalg.eigh(even)
    if values[0] >= LEAST_VARIANCE:
        return even
    raised: Floats = (vectors * np.maximum(values, LEAST_VARIANCE)) @ vectors.T
    repaired: Floats = (raised + raised.T) / 2
    return repaired


def _named(mean: Floats, cov: Floats, noise_var: float) -> Prior:
    """Its version is its content: two fits of the same people are one version."""
    content = b"".join(part.astype("<f8").tobytes() for part in (mean, cov, np.array(noise_var)))
    return Prior(mean, cov, noise_var, f"pooled-{blake2b(content, digest_size=4).hexdigest()}")
