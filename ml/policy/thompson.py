"""Probabilities from draws of a posterior: the share of them that each candidate wins, and a floor."""

import numpy as np
from numpy.random import Generator

from ml.policy.base import Floats
from ml.policy.normals import normals
from ml.policy.posterior import Posterior, beneath


def chances(
    posterior: Posterior, x: Floats, rng: Generator, scale: float, draws: int, epsilon: float
) -> Floats:
    """θ̂ + scale·L⁻ᵀz, `draws` times; scale 1 is the posterior itself, 0 its mean. All share ε alike."""
    k, d = x.shape
    z, least = normals(rng, draws * d, draws * k)
    return _shares(drawn_scores(posterior, x, z.reshape(draws, d), scale), least, epsilon)


def chances_from(
    left: Floats, centre: Floats, x: Floats, rng: Generator, scale: float, draws: int, epsilon: float
) -> Floats:
    """The same, where `beneath` has been asked already: L⁻ᵀ and L⁻¹b."""
    k, d = x.shape
    z, least = normals(rng, draws * d, draws * k)
    points: Floats = z.reshape(draws, d) * scale
    points += centre
    scores: Floats = points.dot(x.dot(left).T)
    return _shares(scores, least, epsilon)


def _shares(scores: Floats, least: Floats, epsilon: float) -> Floats:
    draws, k = scores.shape
    # So little that it only decides between equals, who would otherwise win in the order of the list.
    scores += least.reshape(draws, k)
    wins = np.bincount(scores.argmax(axis=1), minlength=k)
    floored: Floats = np.multiply(wins, (1.0 - epsilon) / draws, dtype=np.float64) + epsilon / k
    return floored


def drawn_scores(posterior: Posterior, x: Floats, z: Floats, scale: float) -> Floats:
    """A row per draw, a column per candidate: by whichever way multiplies least."""
    k, d = x.shape
    rows, centre = beneath(posterior, x if k <= d else None)
    points: Floats = z * scale
    points += centre
    if k > len(z):
        points, rows = points.dot(rows.T), x
    elif k > d:
        rows = x.dot(rows)
    scores: Floats = points.dot(rows.T)
    return scores
