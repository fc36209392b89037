"""All of ml's queries. Everything here has a deadline; a database that is away is one exception, `Away`."""

import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Self
from uuid import UUID

import asyncpg

READ_TIMEOUT_S = 0.03
WORK_TIMEOUT_S = 5.0
CONNECT_TIMEOUT_S = 2.0
REST_AFTER_FAILURE_S = 1.0

Connection = Any  # asyncpg hands out a proxy that carries the connection's methods
_FAILURES = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)


class Away(Exception):
    """The database cannot be reached or did not answer in time."""


class Posterior(NamedTuple):
    policy: str
    version: str
    data: bytes
    checksum: bytes
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Known:
    """A reward event ml has heard of."""

    event_id: str
    person_id: UUID
    reward: float | None = None
    x: bytes | None = None
    t_days: float | None = None
    decision_id: str | None = None
    part: str | None = None
    in_state: bool = False
    replaced_by: str | None = None


async def _keep(_: object) -> None:
    """Connections carry no session state, so nothing needs resetting between uses."""


class Store:
    def __init__(self, pool: Any, clock: Callable[[], float] = time.monotonic) -> None:
        self._pool = pool
        self._clock = clock
        self._rest_until = 0.0

    @classmethod
    async def open(cls, url: str) -> Self:
        """Opens nothing yet: the first use connects, so ml starts and serves while the database is away."""
        pool = await asyncpg.create_pool(
            url,
            min_size=0,
            max_size=4,
            timeout=CONNECT_TIMEOUT_S,
            command_timeout=WORK_TIMEOUT_S,
            reset=_keep,
        )
        return cls(pool)

    async def close(self) -> None:
        self._pool.terminate()

    async def posteriors(self, person: UUID, policies: Sequence[str]) -> dict[str, Posterior]:
        """The hot read. After a failure it rests a second, so that a lost database costs no one their tip."""
        if self._clock() < self._rest_until:
            raise Away("The database was away a moment ago.")
        try:
            async with self._pool.acquire(timeout=READ_TIMEOUT_S) as connection:
                return await read_posteriors(connection, person, policies, READ_TIMEOUT_S)
        except _FAILURES as error:
            self._rest_until = self._clock() + REST_AFTER_FAILURE_S
            raise Away(f"The database did not answer ({type(error).__name__}).") from error

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

    async def erase(self, person: UUID) -> int:
        async with self.transaction() as connection:
            return int(await connection.fetchval("SELECT ml.erase_person($1)", person))

    async def stats(self, person: UUID, policies: Sequence[str]) -> tuple[dict[str, Posterior], int]:
        async with self.transaction() as connection:
            found = await read_posteriors(connection, person, policies, WORK_TIMEOUT_S)
            events = await connection.fetchval(
                "SELECT count(*) FROM ml.applied_events WHERE person_id = $1 AND in_state", person
            )
            return found, int(events)


async def read_posteriors(
    connection: Connection, person: UUID, policies: Sequence[str], timeout_s: float
) -> dict[str, Posterior]:
    rows = await connection.fetch(
        "SELECT policy, version, bytes, checksum, updated_at FROM ml.posteriors"
        " WHERE person_id = $1 AND policy = ANY($2::text[])",
        person,
        policies,
        timeout=timeout_s,
    )
    return {row["policy"]: Posterior(*row) for row in rows}


async def write_posterior(
    connection: Connection, person: UUID, policy: str, version: str, data: bytes, check: bytes
) -> None:
    await connection.execute(
        "INSERT INTO ml.posteriors (person_id, policy, version, bytes, checksum) VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT (person_id, policy) DO UPDATE SET version = excluded.version, bytes = excluded.bytes,"
        " checksum = excluded.checksum, updated_at = now()",
        person,
        policy,
        version,
        data,
        check,
    )


async def lock_person(connection: Connection, person: UUID) -> bool:
    """Holds the person until the transaction ends; False where they were erased."""
    await connection.execute("SELECT ml.lock_person($1)", person)
    erased = await connection.fetchval(
        "SELECT EXISTS (SELECT 1 FROM ml.erased WHERE person_hash = ml.person_hash($1))", person
    )
    return not erased


async def read_events(connection: Connection, person: UUID, event_ids: Sequence[str]) -> dict[str, Known]:
    rows = await connection.fetch(
        "SELECT event_id, person_id, reward, x, t_days, decision_id, part, in_state, replaced_by"
        " FROM ml.applied_events WHERE person_id = $1 AND event_id = ANY($2::text[])",
        person,
        event_ids,
    )
    return {row["event_id"]: Known(**row) for row in rows}


async def write_events(connection: Connection, events: Sequence[Known]) -> None:
    await connection.executemany(
        "INSERT INTO ml.applied_events"
        " (event_id, person_id, reward, x, t_days, decision_id, part, in_state, replaced_by)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        " ON CONFLICT (event_id) DO UPDATE SET reward = excluded.reward, x = excluded.x,"
        " t_days = excluded.t_days, decision_id = excluded.decision_id, part = excluded.part,"
        " in_state = excluded.in_state, replaced_by = excluded.replaced_by"
        " WHERE applied_events.person_id = excluded.person_id",
        [
            (
                e.event_id,
                e.person_id,
                e.reward,
                e.x,
                e.t_days,
                e.decision_id,
                e.part,
                e.in_state,
                e.replaced_by,
            )
            for e in events
        ],
    )


async def forget(connection: Connection, person: UUID) -> int:
    """Back to the prior. Event ids stay, emptied, so that none of them is learned a second time."""
    gone = await connection.fetch("DELETE FROM ml.posteriors WHERE person_id = $1 RETURNING 1", person)
    await connection.execute(
        "UPDATE ml.applied_events SET in_state = false, x = NULL WHERE person_id = $1", person
    )
    return len(gone)
