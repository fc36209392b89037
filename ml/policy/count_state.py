"""The state of policies that learn nothing: how many rewards they saw. Order-free and exactly undoable."""

import struct
from dataclasses import dataclass
from typing import Self

_LAYOUT = struct.Struct("<4sQ")
_MAGIC = b"cnt1"


@dataclass(frozen=True, slots=True)
class CountState:
    rewards: int = 0

    def to_bytes(self) -> bytes:
        return _LAYOUT.pack(_MAGIC, self.rewards)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        if len(data) != _LAYOUT.size or data[:4] != _MAGIC:
            raise ValueError("These bytes are not a counting state.")
        return cls(rewards=_LAYOUT.unpack(data)[1])

    def revised(self, old: float | None, new: float | None) -> "CountState":
        step = (new is not None) - (old is not None)
        return CountState(rewards=max(0, self.rewards + step))


def counted(state: object) -> CountState:
    """The guarantee that a state handed to a counting policy is one of its own."""
    if not isinstance(state, CountState):
        raise TypeError(f"Expected a counting state, got {type(state).__name__}.")
    return state
