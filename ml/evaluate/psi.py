"""Population stability: how far a column has moved between two times, next to what chance alone would show.

PSI = Σ (p − q) ln(p/q) over bins. In small samples it is large for no reason: with B bins and n, m rows,
chance gives (B − 1)(1/n + 1/m) on average, and PSI·nm/(n + m) is about χ² with B − 1 degrees.
"""

from dataclasses import dataclass

import numpy as np

from ml.evaluate.logged import Ints
from ml.evaluate.tails import chi_square_tail
from ml.policy.base import Floats

BINS = 10
_FEWEST = 5.0


@dataclass(frozen=True, slots=True)
class Shift:
    psi: float
    noise: float
    """what chance gives on average"""
    p: float
    bins: int

    @property
    def beyond_noise(self) -> float:
        return max(0.0, self.psi - self.noise)


def shift(reference: Floats, recent: Floats, design_effect: float = 1.0, bins: int = BINS) -> Shift:
    """NaN is a value of its own. `design_effect`: how many rows are worth one independent row (repeats)."""
    n, m = len(reference), len(recent)
    if not n or not m:
        return Shift(0.0, 0.0, 1.0, 0)
    edges = _edges(reference, bins)
    counts = np.array([_counts(column, edges) for column in (reference, recent)])
    counts = _pooled(counts)
    size = counts.shape[1]
    share = (counts + 0.5) / (counts.sum(axis=1, keepdims=True) + 0.5 * size)
    psi = float(((share[1] - share[0]) * np.log(share[1] / share[0])).sum())
    per_row = design_effect * (1 / n + 1 / m)
    return Shift(psi, (size - 1) * per_row, chi_square_tail(psi / per_row, size - 1), size)


def _edges(reference: Floats, bins: int) -> Floats:
    """Few values: between them; many: quantiles."""
    there = reference[~np.isnan(reference)]
    values = np.unique(there)
    if len(values) <= bins:
        return np.divide(values[1:] + values[:-1], 2)
    return np.unique(np.quantile(there, np.linspace(0, 1, bins + 1)[1:-1]))


def _counts(column: Floats, edges: Floats) -> Ints:
    bin_of = np.where(np.isnan(column), len(edges) + 1, np.searchsorted(edges, column, side="right"))
    return np.bincount(bin_of, minlength=len(edges) + 2)


def _pooled(counts: Ints) -> Ints:
    """Neighbouring bins joined until each is expected to hold five rows of either time."""
    totals = counts.sum(axis=1)
    expected = counts.sum(axis=0) / counts.sum() * totals.min()
    columns: list[Ints] = []
    waiting, mass = np.zeros(2, dtype=np.int64), 0.0
    for column, e in zip(counts.T, expected, strict=True):
        waiting, mass = waiting + column, mass + float(e)
        if mass >= _FEWEST:
            columns.append(waiting)
            waiting, mass = np.zeros(2, dtype=np.int64), 0.0
    if not columns:
        return waiting[:, None]
    columns[-1] = columns[-1] + waiting
    return np.stack(columns, axis=1)
