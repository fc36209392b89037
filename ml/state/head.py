"""The head: one row per person that says what their terms and posteriors must be."""

import struct
from dataclasses import dataclass
from typing import Self
from uuid import UUID

from ml.state.packing import NOTHING, digest, summed
from ml.state.term import Place, Term, standing

_LAYOUT = struct.Struct("<2q3dB")
BEFORE_ALL: Place = (-1.0, "")


@dataclass(frozen=True, slots=True)
class Head:
    """`total` sums the terms' checksums. What lies at or before `frozen_t` is in the snapshots, for good.
    `log_follows`: the log has been told from its beginning since it was wanted, and not to its end yet."""

    terms: int = 0
    standing: int = 0
    total: bytes = NOTHING
    frozen_t: float = 0.0
    oldest_t: float = 0.0
    last: Place = BEFORE_ALL
    wants_log: bool = False
    log_follows: bool = False

    @property
    def taught(self) -> bool:
        """Whether there must be posteriors."""
        return self.standing > 0 or self.frozen_t > 0

    @property
    def columns(self) -> tuple[object, ...]:
        numbers = (self.terms, self.standing, self.total, self.frozen_t, self.oldest_t)
        return (*numbers, *self.last, self.wants_log, self.log_follows)

    @property
    def made_of(self) -> bytes:
        """Names exactly what a posterior of this person is made of."""
        return digest(self.total, struct.pack("<d", self.frozen_t))

    def checksum(self, person: UUID) -> bytes:
        numbers = _LAYOUT.pack(
            *(self.terms, self.standing, self.frozen_t, self.oldest_t, self.last[0]),
            self.wants_log + 2 * self.log_follows,
        )
        return digest(person.bytes, self.total, self.last[1].encode(), numbers)

    def grown(self, person: UUID, new: list[Term], tail: list[Term]) -> "Head":
        """With `new`, of which `tail` stands and comes after all that did."""
        return Head(
            terms=self.terms + len(new),
            standing=self.standing + len(tail),
            total=summed(self.total, (term.checksum(person) for term in new)),
            frozen_t=self.frozen_t,
            oldest_t=min([*([self.oldest_t] if self.terms else []), *(term.t_days for term in new)]),
            last=tail[-1].place if tail else self.last,
            wants_log=self.wants_log,
            log_follows=self.log_follows,
        )

    @classmethod
    def of(cls, person: UUID, terms: list[Term], frozen_t: float, wants_log: bool) -> Self:
        """What the head of exactly these terms is."""
        stand = standing(terms)
        return cls(
            terms=len(terms),
            standing=len(stand),
            total=summed(NOTHING, (term.checksum(person) for term in terms)),
            frozen_t=frozen_t,
            oldest_t=min((term.t_days for term in terms), default=0.0),
            last=stand[-1].place if stand else BEFORE_ALL,
            wants_log=wants_log,
        )
