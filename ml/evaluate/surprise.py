"""How surprising the choices were, against how surprising their own probabilities say they should be."""

from dataclasses import dataclass

import numpy as np

from ml.evaluate.candidates import Candidates
from ml.evaluate.tails import normal_tail


@dataclass(frozen=True, slots=True)
class Surprise:
    seen: float
    """mean of −log p of the chosen"""
    implied: float
    """mean entropy of the logged probabilities"""
    full: float
    """mean entropy if all candidates were alike: log K"""
    z: float
    """below 0: the choices are narrower than they claim to be"""

    @property
    def p(self) -> float:
        return min(1.0, 2 * normal_tail(abs(self.z)))


def surprise(candidates: Candidates) -> Surprise:
    n = len(candidates)
    if n == 0:
        return Surprise(0.0, 0.0, 0.0, 0.0)
    p = candidates.logged_p
    bits = -np.log(np.where(p > 0, p, 1.0))
    seen, entropy = bits[candidates.picked], candidates.sums(p * bits)
    variance = float(np.maximum(candidates.sums(p * bits**2) - entropy**2, 0.0).sum())
    z = float((seen - entropy).sum()) / np.sqrt(variance) if variance > 1e-12 * n else 0.0
    full = float(np.log(candidates.sizes).mean())
    return Surprise(float(seen.mean()), float(entropy.mean()), full, float(z))
