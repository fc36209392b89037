"""Propensity audit: was each candidate chosen as often as its logged probability says?

Candidates are put into bins by three rules that know nothing of the draw; counts are held against the sums of
probabilities, with the covariance of draws of one out of K (χ²). A fourth test compares the surprise of the
choices, −log p, with the entropy their probabilities imply.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ml.evaluate.candidates import Candidates
from ml.evaluate.logged import Ints
from ml.evaluate.surprise import surprise
from ml.evaluate.tails import chi_square_tail
from ml.policy.base import Floats

BINS = 12
ALPHA = 0.001
_FEWEST = 5.0


@dataclass(frozen=True, slots=True)
class Audit:
    n: int
    p_by_size: float
    """by how large the probability was"""
    p_by_rank: float
    """by its rank within the decision: a best one taken always shows here"""
    p_by_place: float
    """by the candidate's place in the list"""
    p_by_surprise: float

    @property
    def p(self) -> float:
        """All four together (Bonferroni)."""
        return min(1.0, 4 * min(self.p_by_size, self.p_by_rank, self.p_by_place, self.p_by_surprise))

    @property
    def honest(self) -> bool:
        return self.p >= ALPHA


def audit(candidates: Candidates) -> Audit:
    if len(candidates) == 0:
        return Audit(0, 1.0, 1.0, 1.0, 1.0)
    if (candidates.logged_p[candidates.picked] == 0).any():
        return Audit(len(candidates), 0.0, 0.0, 0.0, 0.0)  # what had no chance was chosen
    place = np.arange(len(candidates.logged_p)) - np.repeat(candidates.starts, candidates.sizes)
    return Audit(
        len(candidates),
        _fit(candidates, _size(candidates)),
        _fit(candidates, _rank(candidates)),
        _fit(candidates, np.minimum(place, BINS - 1)),
        surprise(candidates).p,
    )


def audit_each(candidates: Candidates, policy: Sequence[str]) -> dict[str, Audit]:
    """Per policy: one name per decision."""
    names = np.asarray(policy)
    return {str(n): audit(candidates.rows(np.flatnonzero(names == n))) for n in np.unique(names)}


def _size(candidates: Candidates) -> Ints:
    """Bins by octaves: the small ones hold what only the floor keeps alive."""
    octave: Ints = (-np.log2(np.maximum(candidates.logged_p, 2.0**-BINS))).astype(np.int64)
    return np.minimum(octave, BINS - 1)


def _rank(candidates: Candidates) -> Ints:
    order = np.lexsort((-candidates.logged_p, candidates.decision))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order)) - np.repeat(candidates.starts, candidates.sizes)
    return np.minimum(rank, BINS - 1)


def _fit(candidates: Candidates, bin_of: Ints) -> float:
    """P(χ² this large) of counts per bin against Σ p, bins joined until each expects five."""
    mass: Floats = np.bincount(bin_of, weights=candidates.logged_p, minlength=BINS).astype(np.float64)
    bin_of = _joined(mass)[bin_of]
    size, n = int(bin_of.max()) + 1, len(candidates)
    share = np.bincount(
        candidates.decision * size + bin_of, weights=candidates.logged_p, minlength=n * size
    ).reshape(n, size)
    off = np.bincount(bin_of[candidates.picked], minlength=size) - share.sum(axis=0)
    covariance: Floats = np.diag(share.sum(axis=0)) - share.T @ share
    values, axes = np.linalg.eigh(covariance)
    real = values > 1e-9 * max(float(values.max()), 1.0)
    if not real.any():
        return 1.0
    chi = float((np.square(axes.T @ off)[real] / values[real]).sum())
    return chi_square_tail(chi, int(real.sum()))


def _joined(mass: Floats) -> Ints:
    """Old bin → new bin, neighbours joined."""
    new, held = np.zeros(len(mass), dtype=np.int64), 0.0
    current = 0
    for i, m in enumerate(mass):
        if held >= _FEWEST and float(mass[i:].sum()) >= _FEWEST:
            current, held = current + 1, 0.0
        new[i], held = current, held + float(m)
    return new
