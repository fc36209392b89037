"""A term: one reward event as a state is made of it. A person's terms, in order, are the truth."""

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from ml.state.packing import digest

DAY_S = 86_400.0
"""What is learned is placed in days since 1970."""
Place = tuple[float, str]


def _said(value: bytes | str | None) -> bytes:
    if value is None:
        return b"-"
    return b"+" + (value.encode() if isinstance(value, str) else value)


@dataclass(frozen=True, slots=True)
class Term:
    """`x` is the chosen row as float64 in the columns named by `layout`; without it nothing is taught."""

    event_id: str
    t_days: float
    decision_id: str
    part: str
    reward: float | None
    x: bytes | None
    layout: str | None
    replaces: str | None = None

    @property
    def place(self) -> Place:
        return self.t_days, self.event_id

    @property
    def teaches(self) -> bool:
        """Whether it would be folded if nothing took its place."""
        return self.x is not None and self.reward is not None

    def checksum(self, person: UUID) -> bytes:
        return digest(
            person.bytes,
            self.event_id.encode(),
            struct.pack("<d", self.t_days),
            self.decision_id.encode(),
            self.part.encode(),
            b"" if self.reward is None else struct.pack("<d", self.reward),
            _said(self.x),
            _said(self.layout),
            _said(self.replaces),
        )


def standing(terms: Iterable[Term]) -> list[Term]:
    """Of these, what is folded: each one that teaches and that no other took the place of, in order."""
    some = list(terms)
    replaced = {term.replaces for term in some}
    return sorted((t for t in some if t.teaches and t.event_id not in replaced), key=lambda t: t.place)
