"""The queries inside a transaction: rows in, rows out. Whoever writes holds those people."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from ml.state.head import Head
from ml.state.term import Term

Connection = Any  # asyncpg hands out a proxy that carries the connection's methods
COPIES = (1, 2)
_TERM = "event_id, t_days, decision_id, part, reward, x, layout, replaces"
_HEAD = (
    "person_id, terms, standing, total, frozen_t, oldest_t, last_t, last_id, wants_log, log_follows, checksum"
)
_NAMED = " UNION ".join(
    f"SELECT person_id, {_TERM}, checksum FROM unnest($1::uuid[], $2::text[]) AS named(person_id, id)"  # noqa: S608
    f" JOIN ml.terms USING (person_id) WHERE {column} = named.id"
    for column in ("event_id", "replaces")
)


class Posterior(NamedTuple):
    policy: str
    version: str
    data: bytes
    checksum: bytes
    updated_at: datetime


class Snapshot(NamedTuple):
    policy: str
    copy_number: int
    version: str
    frozen_t: float
    data: bytes
    checksum: bytes


async def lock_people(connection: Connection, people: Iterable[UUID]) -> set[UUID]:
    """Holds them until the transaction ends, always in one order; answers those who were not erased."""
    rows = await connection.fetch("SELECT ml.lock_people($1) AS person", sorted(people))
    return {row["person"] for row in rows}


async def read_heads(connection: Connection, people: Sequence[UUID]) -> dict[UUID, Head]:
    """Damaged ones are left out: without its head a person is learned anew from their terms."""
    rows = await connection.fetch(
        f"SELECT {_HEAD} FROM ml.heads WHERE person_id = ANY($1)",  # noqa: S608 - names of our own
        people,
    )
    heads: dict[UUID, Head] = {}
    for person, terms, standing, total, frozen_t, oldest_t, last_t, last_id, *wants, expected in rows:
        head = Head(terms, standing, total, frozen_t, oldest_t, (last_t, last_id), *wants)
        if head.checksum(person) == expected:
            heads[person] = head
    return heads


async def any_head(connection: Connection, wanting: bool = False) -> bool:
    """Whether there is a head at all, or one that wants the log and is not being told it."""
    where = "WHERE wants_log AND NOT log_follows" if wanting else ""
    found = await connection.fetchval(f"SELECT EXISTS (SELECT 1 FROM ml.heads {where})")  # noqa: S608
    return bool(found)


async def read_wanting(connection: Connection, follows: bool, after: UUID, limit: int) -> list[UUID]:
    """Who wants the log, and is being told it or is not; a page after the one that ended there."""
    rows = await connection.fetch(
        "SELECT person_id FROM ml.heads WHERE wants_log AND log_follows = $1 AND person_id > $2"
        " ORDER BY person_id LIMIT $3",
        follows,
        after,
        limit,
    )
    return [row["person_id"] for row in rows]


async def write_heads(connection: Connection, heads: Mapping[UUID, Head]) -> None:
    await connection.executemany(
        f"INSERT INTO ml.heads ({_HEAD}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"  # noqa: S608
        " ON CONFLICT (person_id) DO UPDATE SET terms = excluded.terms, standing = excluded.standing,"
        " total = excluded.total, frozen_t = excluded.frozen_t, oldest_t = excluded.oldest_t,"
        " last_t = excluded.last_t, last_id = excluded.last_id, wants_log = excluded.wants_log,"
        " log_follows = excluded.log_follows, checksum = excluded.checksum",
        [(person, *head.columns, head.checksum(person)) for person, head in heads.items()],
    )


async def read_posteriors(
    connection: Connection, people: Sequence[UUID], policies: Sequence[str]
) -> dict[UUID, dict[str, Posterior]]:
    rows = await connection.fetch(
        "SELECT person_id, policy, version, bytes, checksum, updated_at FROM ml.posteriors"
        " WHERE person_id = ANY($1) AND policy = ANY($2::text[])",
        people,
        policies,
    )
    found: dict[UUID, dict[str, Posterior]] = {person: {} for person in people}
    for person, *row in rows:
        found[person][row[0]] = Posterior(*row)
    return found


async def write_posteriors(
    connection: Connection, posteriors: Iterable[tuple[UUID, str, str, bytes, bytes]]
) -> None:
    """Of (person, policy, version, bytes, checksum) each."""
    await connection.executemany(
        "INSERT INTO ml.posteriors (person_id, policy, version, bytes, checksum) VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT (person_id, policy) DO UPDATE SET version = excluded.version, bytes = excluded.bytes,"
        " checksum = excluded.checksum, updated_at = now()",
        list(posteriors),
    )


async def read_named(
    connection: Connection, named: Sequence[tuple[UUID, str]]
) -> tuple[dict[UUID, list[Term]], set[UUID]]:
    """The terms that have these ids or replace them, and the people of whom one is damaged."""
    rows = await connection.fetch(_NAMED, [person for person, _ in named], [name for _, name in named])
    found: dict[UUID, list[Term]] = {person: [] for person, _ in named}
    doubtful: set[UUID] = set()
    for person, *values, expected in rows:
        term = Term(*values)
        if term.checksum(person) == expected:
            found[person].append(term)
        else:
            doubtful.add(person)
    return found, doubtful


async def read_terms(
    connection: Connection, people: Sequence[UUID]
) -> tuple[dict[UUID, list[Term]], dict[UUID, list[str]]]:
    """Everybody's terms, and the ids of those that are damaged."""
    rows = await connection.fetch(
        f"SELECT person_id, {_TERM}, checksum FROM ml.terms WHERE person_id = ANY($1)",  # noqa: S608
        people,
    )
    sound: dict[UUID, list[Term]] = {person: [] for person in people}
    damaged: dict[UUID, list[str]] = {person: [] for person in people}
    for person, *values, expected in rows:
        term = Term(*values)
        if term.checksum(person) == expected:
            sound[person].append(term)
        else:
            damaged[person].append(term.event_id)
    return sound, damaged


async def write_terms(connection: Connection, terms: Iterable[tuple[UUID, Term]]) -> None:
    await connection.executemany(
        f"INSERT INTO ml.terms (person_id, {_TERM}, checksum)"  # noqa: S608 - names of our own
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (person_id, event_id) DO UPDATE SET"
        " t_days = excluded.t_days, decision_id = excluded.decision_id, part = excluded.part,"
        " reward = excluded.reward, x = excluded.x, layout = excluded.layout,"
        " replaces = excluded.replaces, checksum = excluded.checksum",
        [
            (
                person,
                t.event_id,
                t.t_days,
                t.decision_id,
                t.part,
                t.reward,
                t.x,
                t.layout,
                t.replaces,
                t.checksum(person),
            )
            for person, t in terms
        ],
    )


async def drop_terms(connection: Connection, named: Sequence[tuple[UUID, str]]) -> None:
    if named:
        await connection.execute(
            "DELETE FROM ml.terms USING unnest($1::uuid[], $2::text[]) AS named(person, id)"
            " WHERE person_id = named.person AND event_id = named.id",
            [person for person, _ in named],
            [event_id for _, event_id in named],
        )


async def read_layouts(connection: Connection, layouts: Iterable[str]) -> dict[str, tuple[str, ...]]:
    rows = await connection.fetch(
        "SELECT layout, names FROM ml.layouts WHERE layout = ANY($1::text[])", sorted(layouts)
    )
    return {row["layout"]: tuple(row["names"]) for row in rows}


async def write_layout(connection: Connection, layout: str, names: Sequence[str]) -> None:
    await connection.execute(
        "INSERT INTO ml.layouts (layout, names) VALUES ($1, $2) ON CONFLICT DO NOTHING", layout, names
    )


async def read_snapshots(connection: Connection, people: Sequence[UUID]) -> dict[UUID, list[Snapshot]]:
    rows = await connection.fetch(
        "SELECT person_id, policy, copy, version, frozen_t, bytes, checksum FROM ml.snapshots"
        " WHERE person_id = ANY($1) ORDER BY policy, copy",
        people,
    )
    found: dict[UUID, list[Snapshot]] = {person: [] for person in people}
    for person, *row in rows:
        found[person].append(Snapshot(*row))
    return found


async def drop_snapshots(connection: Connection, people: Sequence[UUID]) -> None:
    """Those of other versions too; until newer ones are written, a release can be taken back."""
    if people:
        await connection.execute("DELETE FROM ml.snapshots WHERE person_id = ANY($1)", people)


async def write_snapshots(connection: Connection, snapshots: Sequence[tuple[UUID, Snapshot]]) -> None:
    if snapshots:
        await connection.executemany(
            "INSERT INTO ml.snapshots (person_id, policy, copy, version, frozen_t, bytes, checksum)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7)"
            " ON CONFLICT (person_id, policy, version, copy) DO UPDATE SET"
            " frozen_t = excluded.frozen_t, bytes = excluded.bytes, checksum = excluded.checksum",
            [(person, *snapshot) for person, snapshot in snapshots],
        )


async def read_aged(
    connection: Connection, before_t: float, after: tuple[float, UUID], limit: int
) -> list[tuple[float, UUID]]:
    """People whose oldest term is older than that, a page after the one that ended at `after`."""
    rows = await connection.fetch(
        "SELECT oldest_t, person_id FROM ml.heads"
        " WHERE terms > 0 AND oldest_t <= $1 AND (oldest_t, person_id) > ($2, $3)"
        " ORDER BY oldest_t, person_id LIMIT $4",
        before_t,
        *after,
        limit,
    )
    return [(row["oldest_t"], row["person_id"]) for row in rows]


async def drop_states(connection: Connection, person: UUID) -> int:
    """Posteriors and snapshots; answers how many posteriors."""
    await drop_snapshots(connection, [person])
    gone = await connection.fetch("DELETE FROM ml.posteriors WHERE person_id = $1 RETURNING 1", person)
    return len(gone)
