"""The share of draws from a posterior that each candidate wins."""

import numpy as np
from numpy.random import Generator

from ml.policy.base import Floats
from ml.policy.normals import normals
from ml.policy.posterior import Whitened

_TIE = 1e-9
"""So little chance that it only decides between equals, who would otherwise win in the order of the list."""


def shares(white: Whitened, rng: Generator, scale: float, draws: int) -> Floats:
    """θ̂ + scale·L⁻ᵀz, `draws` times; scale 1 is the posterior itself, 0 its mean."""
    k, d = white.rows.shape
    chance = normals(rng, draws * (d + k))
    drawn = chance[: draws * d].reshape(draws, d) * scale
    drawn += white.centre
    scores = drawn @ white.rows.T
    scores += chance[draws * d :].reshape(draws, k) * _TIE
    wins = np.bincount(scores.argmax(axis=1), minlength=k)
    return wins / draws
