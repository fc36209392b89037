"""Made-up people for the proofs of learning: what they are told, how, and what must have been learned of it."""

import struct
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
from ml.features import NAMES, PARTS, WIDTH
from ml.policy.forgetful import Forgetful
from ml.policy.random import Random
from ml.state.made_up import Told, alone, life
from numpy.random import Generator

FORGETFUL = Forgetful(WIDTH)
COUNTING = Random(d=WIDTH, prior=None, columns={})
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def lives(people: int, events: int, rng: Generator, days: float) -> dict[UUID, list[Told]]:
    """Some live a dense day, others the same number of events over all the days: one is disordered more than another."""
    made: dict[UUID, list[Told]] = {}
    for at in range(people):
        person = UUID(int=(1 << 126) + int(rng.integers(1 << 62)))
        span = min(1.0, days) if at % 2 else days
        first = 20_000.0 + float(rng.uniform(0, max(0.0, days - span)))
        made[person] = life(person, events, rng, first, span, WIDTH)
    return made


def event_of(told: Told) -> dict[str, object]:
    return {
        "eventId": told.event_id,
        "decisionId": "d",
        "personId": str(told.person),
        "reward": told.reward,
        "part": told.part,
        "replaces": told.replaces,
        "features": {"ids": ["c"], "names": list(NAMES), "values": [list(told.x)]},
        "chosen": "c",
        "probabilities": [0.5],
        "at": (EPOCH + timedelta(days=told.t_days)).isoformat(),
    }


def as_told(told: Told) -> Told:
    """With the moment as the wire carries it, to the microsecond."""
    moment = EPOCH + timedelta(days=told.t_days)
    return Told(**{**_fields(told), "t_days": moment.timestamp() / 86_400.0})


def _fields(told: Told) -> dict[str, object]:
    return {name: getattr(told, name) for name in Told.__dataclass_fields__}


async def posteriors(database: asyncpg.Connection, policy: str) -> dict[UUID, bytes]:
    rows = await database.fetch("SELECT person_id, bytes FROM ml.posteriors WHERE policy = $1", policy)
    return {row["person_id"]: bytes(row["bytes"]) for row in rows}


async def compare(database: asyncpg.Connection, made: dict[UUID, list[Told]]) -> dict[str, int]:
    """Lost and doubled rewards by the policy that counts; people whose posterior differs in any bit."""
    folded, counted = await posteriors(database, "forgetful"), await posteriors(database, "random")
    lost = doubled = different = 0
    for person, told in made.items():
        missing = _count(alone(COUNTING, told, PARTS)) - _count(counted.get(person, b""))
        lost, doubled = lost + max(0, missing), doubled + max(0, -missing)
        different += folded.get(person) != alone(FORGETFUL, told, PARTS)
    return {"lost": lost, "doubled": doubled, "different": different}


def _count(data: bytes) -> int:
    return struct.unpack("<4sQ", data)[1] if data else 0
