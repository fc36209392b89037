"""What timing knows of a person: the best scores at past opportunities for a push, each decision once.

It is no part of the fold: when it is lost or damaged, it begins anew and is right again after some days.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from ml.policy.timing import Seen
from ml.state.packing import digest
from ml.state.rows import Connection, lock_people

MARK = 8
MOST_RECENT = 64
"""Opportunities by which one that is told again is known: two days of them."""
NEVER = Seen()


class Opportunity(NamedTuple):
    person: UUID
    decision_id: str
    best: float


def _mark(decision_id: str) -> bytes:
    return digest(decision_id.encode())[:MARK]


@dataclass(frozen=True, slots=True)
class Opportunities:
    seen: Seen = NEVER
    before: Seen = NEVER
    """Without the last one: a decision that is asked for again is held against what it was held against."""
    recent: bytes = b""

    def at(self, decision_id: str) -> Seen:
        is_last = self.recent and self.recent[-MARK:] == _mark(decision_id)
        return self.before if is_last else self.seen

    def with_one(self, decision_id: str, best: float) -> "Opportunities":
        mark = _mark(decision_id)
        if any(self.recent[at : at + MARK] == mark for at in range(0, len(self.recent), MARK)):
            return self
        recent = (self.recent + mark)[-MARK * MOST_RECENT :]
        return Opportunities(self.seen.with_one(best), self.seen, recent)

    def row(self, person: UUID) -> tuple[UUID, bytes, bytes, bytes, bytes]:
        parts = (self.seen.to_bytes(), self.before.to_bytes(), self.recent)
        return (person, *parts, _checksum(person, *parts))


def _checksum(person: UUID, *parts: bytes) -> bytes:
    return digest(person.bytes, *parts)


def read_opportunities(
    person: UUID, seen: bytes | None, before: bytes | None, recent: bytes | None, checksum: bytes | None
) -> Opportunities:
    """Nothing seen, where there is no row or not the one that was written."""
    if (
        seen is None
        or before is None
        or recent is None
        or checksum != _checksum(person, seen, before, recent)
    ):
        return Opportunities()
    return Opportunities(Seen.from_bytes(seen), Seen.from_bytes(before), recent)


async def note(connection: Connection, some: Sequence[Opportunity]) -> None:
    """Of whoever was not erased meanwhile."""
    alive = sorted(await lock_people(connection, {one.person for one in some}))
    found: Sequence[Any] = await connection.fetch(
        "SELECT person_id, seen, before, recent, checksum FROM ml.timing WHERE person_id = ANY($1)", alive
    )
    known = {row[0]: read_opportunities(*row) for row in found}
    now = {person: known.get(person, Opportunities()) for person in alive}
    for one in some:
        if one.person in now:
            now[one.person] = now[one.person].with_one(one.decision_id, one.best)
    changed = [one.row(person) for person, one in now.items() if one != known.get(person)]
    await connection.executemany(
        "INSERT INTO ml.timing (person_id, seen, before, recent, checksum) VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT (person_id) DO UPDATE SET seen = excluded.seen, before = excluded.before,"
        " recent = excluded.recent, checksum = excluded.checksum",
        changed,
    )


async def forget(connection: Connection, person: UUID) -> None:
    await connection.execute("DELETE FROM ml.timing WHERE person_id = $1", person)
