"""The door to schema ml. Everything here has a deadline; a database that is away is one exception, `Away`."""

import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, NamedTuple, Self
from uuid import UUID

import asyncpg

from ml.state import rows
from ml.state.coalesced import Coalesced
from ml.state.head import Head
from ml.state.learn import Learned, learn
from ml.state.learning import Learning
from ml.state.opportunities import Opportunities, Opportunity, note, read_opportunities
from ml.state.refold import Refolded, refold
from ml.state.reset import reset
from ml.state.rows import Connection, Posterior
from ml.state.term import Term

READ_TIMEOUT_S = 0.03
WORK_TIMEOUT_S = 5.0
CONNECT_TIMEOUT_S = 2.0
REST_AFTER_FAILURE_S = 1.0
RECALL_AT_ONCE = 64
MOST_AT_ONCE = 1_000
MOST_PAGES = 1_000
_Asked = tuple[UUID, tuple[str, ...]]
_FAILURES = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)

# A row of each at least: whoever has terms or snapshots must have posteriors; one that is gone is not "new".
# As text, because asyncpg asks the server about `uuid[]` on each new connection, longer than a read may take.
_RECALL = """
    SELECT one.person_id, h.total, h.frozen_t, h.standing,
           h.person_id IS NULL AND (EXISTS (SELECT 1 FROM ml.terms t WHERE t.person_id = one.person_id)
             OR EXISTS (SELECT 1 FROM ml.snapshots s WHERE s.person_id = one.person_id)) AS headless,
           o.seen, o.before, o.recent, o.checksum,
           p.policy, p.version, p.bytes, p.checksum, p.updated_at
      FROM unnest($1::text[]::uuid[]) AS one(person_id)
      LEFT JOIN ml.heads h ON h.person_id = one.person_id
      LEFT JOIN ml.timing o ON o.person_id = one.person_id
      LEFT JOIN ml.posteriors p ON p.person_id = one.person_id AND p.policy = ANY($2::text[])
"""


class Away(Exception):
    """The database cannot be reached or did not answer in time."""


class Recalled(NamedTuple):
    """A person's rows for one decision; `taught`: each policy must have one."""

    rows: dict[str, Posterior]
    made_of: bytes
    taught: bool
    opportunities: Opportunities = Opportunities()


async def _keep(_: object) -> None:
    """Connections carry no session state, so nothing needs resetting between uses."""


class Store:
    def __init__(self, pool: Any, clock: Callable[[], float] = time.monotonic) -> None:
        self._pool = pool
        self._clock = clock
        self._rest_until = 0.0
        self._recalling = Coalesced(self._recall, RECALL_AT_ONCE)

    @classmethod
    async def open(cls, url: str) -> Self:
        """Opens nothing yet: the first use connects, so ml starts and serves while the database is away."""
        pool = await asyncpg.create_pool(
            url,
            min_size=0,
            max_size=6,
            timeout=CONNECT_TIMEOUT_S,
            command_timeout=WORK_TIMEOUT_S,
            reset=_keep,
        )
        return cls(pool)

    async def close(self) -> None:
        self._pool.terminate()

    async def recall(self, person: UUID, policies: Sequence[str]) -> Recalled:
        """The hot read. After a failure it rests a second, so that a lost database costs no one their tip."""
        return await self._recalling.of((person, tuple(policies)))

    async def _recall(self, asked: Sequence[_Asked]) -> Sequence[Recalled]:
        if self._clock() < self._rest_until:
            raise Away("The database was away a moment ago.")
        try:
            async with self._pool.acquire(timeout=READ_TIMEOUT_S) as connection:
                people = {str(person) for person, _ in asked}
                policies = {policy for _, some in asked for policy in some}
                found = await connection.fetch(_RECALL, list(people), list(policies), timeout=READ_TIMEOUT_S)
        except _FAILURES as error:
            self._rest_until = self._clock() + REST_AFTER_FAILURE_S
            raise Away(f"The database did not answer ({type(error).__name__}).") from error
        recalled = _recalled(found)
        return [recalled[person] for person, _ in asked]

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        try:
            async with self._pool.acquire(timeout=CONNECT_TIMEOUT_S) as connection, connection.transaction():
                yield connection
        except _FAILURES as error:
            raise Away(f"The database did not answer ({type(error).__name__}).") from error

    async def alive(self) -> None:
        """Exercises the tables, not only the connection."""
        async with self.transaction() as connection:
            await connection.fetch("SELECT 1 FROM ml.posteriors LIMIT 1", timeout=1.0)

    async def learn(
        self, learning: Learning, arrivals: dict[UUID, list[Term]], log_begins: bool = False
    ) -> Learned:
        async with self.transaction() as connection:
            return await learn(connection, learning, arrivals, log_begins)

    async def note(self, some: Sequence[Opportunity]) -> None:
        """Opportunities for a push; one that was noted before changes nothing."""
        async with self.transaction() as connection:
            await note(connection, some)

    async def log_begins(self) -> None:
        """The whole log is being told: what anybody wants of it by now is on its way."""
        await self._mark(False, lambda head: replace(head, log_follows=True))

    async def log_ended(self) -> None:
        """Whoever wanted the log before it began has all of it; whoever lost something since has not."""
        await self._mark(True, lambda head: replace(head, wants_log=False, log_follows=False))

    async def _mark(self, follows: bool, marked: Callable[[Head], Head]) -> None:
        after = UUID(int=0)
        for _ in range(MOST_PAGES):
            async with self.transaction() as connection:
                people = await rows.read_wanting(connection, follows, after, MOST_AT_ONCE)
                if not people:
                    return
                alive = sorted(await rows.lock_people(connection, people))
                heads = await rows.read_heads(connection, alive)
                still = {
                    p: head for p, head in heads.items() if head.wants_log and head.log_follows == follows
                }
                await rows.write_heads(connection, {person: marked(head) for person, head in still.items()})
                after = people[-1]

    async def refold(self, person: UUID, learning: Learning, freeze_before_t: float = 0.0) -> Refolded | None:
        """None where the person was erased meanwhile."""
        async with self.transaction() as connection:
            if not await rows.lock_people(connection, [person]):
                return None
            made = await refold(connection, learning, {person: []}, freeze_before_t)
            return made[person]

    async def reset(self, person: UUID, learning: Learning) -> int:
        async with self.transaction() as connection:
            if not await rows.lock_people(connection, [person]):
                return 0
            return await reset(connection, person, learning)

    async def erase(self, person: UUID) -> int:
        async with self.transaction() as connection:
            return int(await connection.fetchval("SELECT ml.erase_person($1)", person))

    async def is_erased(self, person: UUID) -> bool:
        found = "SELECT EXISTS (SELECT 1 FROM ml.erased WHERE person_hash = ml.person_hash($1))"
        async with self.transaction() as connection:
            return bool(await connection.fetchval(found, person))

    async def stats(self, person: UUID, policies: Sequence[str]) -> tuple[Recalled, Head]:
        async with self.transaction() as connection:
            recalled = _recalled(await connection.fetch(_RECALL, [str(person)], policies))
            return recalled[person], (await rows.read_heads(connection, [person])).get(person, Head())

    async def aged(self, before_t: float, after: tuple[float, UUID], limit: int) -> list[tuple[float, UUID]]:
        async with self.transaction() as connection:
            return await rows.read_aged(connection, before_t, after, limit)


def _recalled(found: Sequence[Any]) -> dict[UUID, Recalled]:
    """A row for each policy of a person, each with what is one of the person."""
    people: dict[UUID, Recalled] = {}
    for row in found:
        known = people.get(row[0])
        if known is None:
            known = people[row[0]] = _person(*row[:9])
        if row[9] is not None:
            known.rows[row[9]] = Posterior(*row[9:])
    return people


def _person(
    person: UUID, total: bytes | None, frozen_t: float, standing: int, headless: bool, *timing: Any
) -> Recalled:
    opportunities = read_opportunities(person, *timing)
    if total is None:
        return Recalled({}, b"", headless, opportunities)
    head = Head(total=total, frozen_t=frozen_t, standing=standing)
    return Recalled({}, head.made_of, head.taught, opportunities)
