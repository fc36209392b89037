"""The draw: the action is sampled from exactly the probabilities that are logged.

All randomness of a decision comes from its id and a purpose: a decision asked twice is the same decision, and
no purpose disturbs another.
"""

from hashlib import blake2b

import numpy as np
from numpy.random import Generator, Philox

from ml.policy.base import Floats


def _seed(decision_id: str, purpose: str) -> int:
    return int.from_bytes(blake2b(f"{purpose}\0{decision_id}".encode(), digest_size=16).digest(), "little")


def rng_for(decision_id: str, purpose: str) -> Generator:
    """A policy's own randomness."""
    return Generator(Philox(key=_seed(decision_id, purpose)))


def chance_for(decision_id: str, purpose: str) -> float:
    """One uniform number in [0, 1), of 53 bits."""
    return (_seed(decision_id, purpose) >> 75) * 2.0**-53


def draw(probabilities: Floats, chance: float) -> int:
    """The index of one candidate, drawn with its probability. One with probability 0 is never drawn."""
    if probabilities.size == 0:
        raise ValueError("Nothing to draw from: there are no candidates.")
    edges = np.cumsum(probabilities)
    return int(edges.searchsorted(chance * edges[-1], side="right"))
