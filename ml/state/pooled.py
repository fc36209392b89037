"""The people who agreed to pooling, one after the other; and what a fit of their prior came to.

What is in force of a policy is its newest fit that did not fail. No row of `ml.priors` names a person.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID

from ml.state.head import Head
from ml.state.packing import digest
from ml.state.rows import Connection, Posterior

AT_ONCE = 256
ALONE_TRIES, ALONE_REST_S = 200, 0.025
_HOLD_ALONE = "SELECT pg_try_advisory_xact_lock(hashtextextended('oo-ml:pooling', 0))"

# One order for each fit, so that the same people give the same sums to the bit.
_PEOPLE = """
    SELECT a.person_id, h.total, h.frozen_t, p.policy, p.version, p.bytes, p.checksum, p.updated_at
      FROM ml.pooling a JOIN ml.heads h ON h.person_id = a.person_id AND (h.standing > 0 OR h.frozen_t > 0)
      LEFT JOIN ml.posteriors p ON p.person_id = a.person_id AND p.policy = $1
     ORDER BY a.person_id
"""
_SEEN = """
    SELECT f.seq, f.version, f.people, f.at, l.said, l.at AS tried_at, l.outcome = 'failed' AS failed, now(),
           (SELECT count(*) FROM (SELECT 1 FROM ml.pooling LIMIT $2) few),
           EXISTS (SELECT 1 FROM ml.pooling_leaves)
      FROM (SELECT 1) one
      LEFT JOIN LATERAL (SELECT seq, version, people, at FROM ml.priors
                          WHERE policy = $1 AND outcome <> 'failed' ORDER BY seq DESC LIMIT 1) f ON true
      LEFT JOIN LATERAL (SELECT said, at, outcome FROM ml.priors
                          WHERE policy = $1 ORDER BY seq DESC LIMIT 1) l ON true
"""
# Of who agreed, where it is still among what they taught: a reset empties it, and its id stays.
_CARDS = """
    SELECT c.card, c.theme, count(DISTINCT c.person_id) AS people, count(*) AS rewards, sum(c.reward) AS total
      FROM analytics.ml_cards c JOIN ml.pooling a USING (person_id)
     WHERE c.at > $1 AND EXISTS (SELECT 1 FROM ml.terms t
                                  WHERE t.person_id = c.person_id AND t.decision_id = c.decision_id::text
                                    AND t.x IS NOT NULL)
     GROUP BY c.card, c.theme ORDER BY c.card
"""
_PUT = """
    INSERT INTO ml.priors (policy, at, outcome, people, version, file, checksum, said)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""


@dataclass(frozen=True, slots=True)
class Fit:
    """`file` is the prior where one was fitted; `said` why none was."""

    policy: str
    outcome: Literal["fitted", "shipped", "failed"]
    people: int
    version: str | None = None
    file: str | None = None
    said: str | None = None


class Card(NamedTuple):
    """What people made of a card of the library: how many, how many rewards, and their sum."""

    name: str
    theme: str
    people: int
    rewards: int
    total: float


class Seen(NamedTuple):
    """What is in force, what the last try came to, and what waits. Without a seq nothing was ever fitted."""

    seq: int | None
    version: str | None
    people: int | None
    at: datetime | None
    said: str | None
    tried_at: datetime | None
    failed: bool | None
    now: datetime
    agreed: int
    left: bool


async def agreeing(
    connection: Connection, policy: str
) -> AsyncIterator[tuple[UUID, bytes, Posterior | None]]:
    """Each person who taught anything, with what their state must be made of. A few in memory at a time."""
    async for person, total, frozen_t, *row in connection.cursor(_PEOPLE, policy, prefetch=AT_ONCE):
        made_of = Head(total=total, frozen_t=frozen_t).made_of
        yield person, made_of, None if row[0] is None else Posterior(*row)


async def read_cards(connection: Connection, since: datetime) -> list[Card]:
    """Nothing where the log of decisions is not in this database."""
    if await connection.fetchval("SELECT to_regclass('analytics.ml_cards')") is None:
        return []
    return [Card(*row) for row in await connection.fetch(_CARDS, since)]


async def read_seen(connection: Connection, policy: str, agreed_at_most: int) -> Seen:
    return Seen(*await connection.fetchrow(_SEEN, policy, agreed_at_most))


async def read_prior(connection: Connection, policy: str, version: str) -> str | None:
    """The file of that version as it was written; None where it is gone or damaged."""
    row = await connection.fetchrow(
        "SELECT file, checksum FROM ml.priors WHERE policy = $1 AND version = $2", policy, version
    )
    return row["file"] if row and _check(policy, version, row["file"]) == row["checksum"] else None


async def read_leaves(connection: Connection) -> list[int]:
    return [row["id"] for row in await connection.fetch("SELECT id FROM ml.pooling_leaves")]


async def hold_alone(connection: Connection) -> bool:
    """From here on until the transaction ends nobody leaves. Asked again instead of waited for: who waits
    would hold up everybody who comes to leave, and they hold people."""
    for _ in range(ALONE_TRIES):
        if await connection.fetchval(_HOLD_ALONE):
            return True
        await asyncio.sleep(ALONE_REST_S)
    return False


async def put_in_force(
    connection: Connection, fit: Fit, at: datetime, gone: Sequence[int], keep_after: datetime
) -> None:
    """Of before `keep_after` no decision is logged any more. What those who left were in goes in any case."""
    await connection.execute(
        "DELETE FROM ml.priors p WHERE $3 OR policy = $1 AND (outcome <> 'fitted' OR version = $2 OR EXISTS"
        " (SELECT 1 FROM ml.priors n WHERE n.policy = p.policy AND n.seq > p.seq AND n.at < $4))",
        fit.policy,
        fit.version,
        len(gone) > 0,
        keep_after,
    )
    await _put(connection, fit, at)
    await connection.execute("DELETE FROM ml.pooling_leaves WHERE id = ANY($1::bigint[])", gone)


async def put_failed(connection: Connection, policy: str, said: str) -> None:
    """In place of the last failure; what is in force stays."""
    await connection.execute("DELETE FROM ml.priors WHERE policy = $1 AND outcome = 'failed'", policy)
    at = await connection.fetchval("SELECT now()")
    await _put(connection, Fit(policy, "failed", 0, said=said), at)


async def _put(connection: Connection, fit: Fit, at: datetime) -> None:
    check = None if fit.version is None else _check(fit.policy, fit.version, fit.file or "")
    row = (fit.policy, at, fit.outcome, fit.people, fit.version, fit.file, check, fit.said)
    await connection.execute(_PUT, *row)


def _check(policy: str, version: str, file: str) -> bytes:
    return digest(policy.encode(), version.encode(), file.encode())
