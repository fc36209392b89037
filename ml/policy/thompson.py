"""The share of draws from a posterior that each candidate wins."""

import numpy as np
from numpy.random import Generator

from ml.policy.base import Floats
from ml.policy.normals import normals, tiny_normals
from ml.policy.posterior import Posterior, beneath


def shares(posterior: Posterior, x: Floats, rng: Generator, scale: float, draws: int) -> Floats:
    """θ̂ + scale·L⁻ᵀz, `draws` times; scale 1 is the posterior itself, 0 its mean."""
    k, d = x.shape
    scores = _scores(posterior, x, normals(rng, draws * d).reshape(draws, d), scale)
    # So little that it only decides between equals, who would otherwise win in the order of the list.
    scores += tiny_normals(rng, draws * k).reshape(draws, k)
    return np.bincount(scores.argmax(axis=1), minlength=k) / draws


def _scores(posterior: Posterior, x: Floats, z: Floats, scale: float) -> Floats:
    """A row per draw, a column per candidate: by whichever way multiplies least."""
    k, d = x.shape
    if k > len(z):
        root, centre = beneath(posterior, None)
        theta: Floats = (z * scale + centre).dot(root.T)
        drawn: Floats = theta.dot(x.T)
        return drawn
    if k > d:
        root, centre = beneath(posterior, None)
        rows = x.dot(root)
    else:
        rows, centre = beneath(posterior, x)
    scores: Floats = z.dot((rows * scale).T)
    scores += rows.dot(centre)
    return scores
