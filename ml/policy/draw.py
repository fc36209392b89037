"""The draw: the action is sampled from exactly the probabilities that are logged.

All randomness of a decision comes from its id and a purpose: a decision asked twice is the same decision, and
no purpose disturbs another.
"""

from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.random import PCG64, Generator
from numpy.random.bit_generator import ISeedSequence

from ml.policy.base import Floats


def _digest(decision_id: str, purpose: str, size: int) -> bytes:
    return blake2b(f"{purpose}\0{decision_id}".encode(), digest_size=size).digest()


class _Seed(ISeedSequence):
    """A hash is as random as numpy would make it, and takes a seventh of the time."""

    def __init__(self, seed: bytes) -> None:
        self._seed = seed

    def generate_state(self, n_words: int, dtype: Any = np.uint32) -> Any:
        return np.frombuffer(self._seed, dtype=dtype, count=n_words)


def rng_for(decision_id: str, purpose: str) -> Generator:
    """A policy's own randomness."""
    seed = _Seed(_digest(decision_id, purpose, 32))
    return Generator(PCG64(seed))  # type: ignore[arg-type] # numpy's stubs know only its own


def chance_for(decision_id: str, purpose: str) -> float:
    """One uniform number in [0, 1), of 53 bits."""
    return (int.from_bytes(_digest(decision_id, purpose, 16), "little") >> 75) * 2.0**-53


def draw(probabilities: Floats, chance: float) -> int:
    """The index of one candidate, drawn with its probability. One with probability 0 is never drawn."""
    if probabilities.size == 0:
        raise ValueError("Nothing to draw from: there are no candidates.")
    edges = np.cumsum(probabilities)
    return int(edges.searchsorted(chance * edges[-1], side="right"))
