"""The draw: the action is sampled from exactly the probabilities that are logged."""

from hashlib import blake2b

import numpy as np
from numpy.random import PCG64, Generator

from ml.policy.base import Floats


def rng_for(decision_id: str, purpose: str) -> Generator:
    """Repeatable randomness of one decision; another purpose is an independent stream."""
    digest = blake2b(f"{purpose}\0{decision_id}".encode(), digest_size=16).digest()
    return Generator(PCG64(int.from_bytes(digest, "little")))


def draw(probabilities: Floats, rng: Generator) -> int:
    """The index of one candidate, drawn with its probability. One with probability 0 is never drawn."""
    if probabilities.size == 0:
        raise ValueError("Nothing to draw from: there are no candidates.")
    edges = np.cumsum(probabilities)
    return int(np.searchsorted(edges, rng.random() * edges[-1], side="right"))
