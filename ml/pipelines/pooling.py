"""The night's fit: EM over a snapshot of the database, read anew in each round, a few people in memory.

It is put in force in one short transaction, and only if nobody left since the snapshot; else it begins again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any

import asyncpg
import numpy as np

from ml.features.received import DAYS, FEATURE, received
from ml.pipelines.log import DAY_S
from ml.pipelines.whose import Whose
from ml.pipelines.whose import whose as whose_prior
from ml.policy import Prior
from ml.policy.pooling import AT_ONCE, LEAST_PEOPLE, LEAST_TAUGHT, PriorSums, fitting, gather
from ml.policy.posterior import Assumed
from ml.policy.prior import PriorFile, to_json
from ml.policy.sums import Sums, summed
from ml.state import opened
from ml.state.pooled import Fit, agreeing, hold_alone, put_in_force, read_cards, read_leaves, read_seen

MOST = 10.0
"""Rewards lie in ±1, so no weight's mean and no deviation comes near it."""
TRIES = 5
QUERY_DEADLINE_S = 600.0
_LOCK = 0x6F4F_7072  # "oOpr": one fit at a time


class Refused(Exception):
    """What was in force stays; the sentence says why."""


class _SomebodyLeft(Exception):
    """While it was fitted."""


async def pool(url: str, name: str, now: float, keep_days: float, after: int | None = None) -> Fit | None:
    """None: somebody else fits now, or has since that one. `now` in days since 1970."""
    whose = whose_prior(name)
    if whose is None:
        raise Refused(f"{name} learns of each person for themselves: it has no prior to fit.")
    at = datetime.fromtimestamp(now * DAY_S, UTC)
    connection = await asyncpg.connect(url, timeout=5, command_timeout=QUERY_DEADLINE_S)
    try:
        if not await connection.fetchval("SELECT pg_try_advisory_lock($1)", _LOCK):
            return None
        for _ in range(TRIES):
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                seen = await read_seen(connection, name, LEAST_PEOPLE)
                if after is not None and (seen.seq or 0) != after:
                    return None
                gone = await read_leaves(connection)
                fit = await _fit_or_shipped(connection, whose, now, bool(gone))
            try:
                async with connection.transaction():
                    await _put(connection, fit, at, gone, keep_days)
                return fit
            except _SomebodyLeft:
                continue
        raise Refused("People kept leaving while the prior was fitted.")
    finally:
        await connection.close(timeout=5)


async def _put(connection: Any, fit: Fit, at: datetime, gone: Sequence[int], keep_days: float) -> None:
    if not await hold_alone(connection):
        raise Refused("Somebody was leaving all the while.")
    if set(await read_leaves(connection)) != set(gone):
        raise _SomebodyLeft
    await put_in_force(connection, fit, at, gone, at - timedelta(days=keep_days + 1))


async def _fit_or_shipped(connection: Any, whose: Whose, now: float, somebody_left: bool) -> Fit:
    """What failed leaves what is in force, but not for those who left: they are in that."""
    try:
        return await _fit(connection, whose, now)
    except (Refused, np.linalg.LinAlgError) as error:
        if not somebody_left:
            raise
        return Fit(whose.name, "shipped", 0, said=f"Somebody left, and: {error}"[:300])


async def _fit(connection: Any, whose: Whose, now: float) -> Fit:
    start = whose.start
    rounds = fitting(start)
    prior, people = next(rounds), 0
    try:
        while True:
            sums, unusable = await _gathered(connection, whose, prior, now)
            people = sums.people
            if people < LEAST_PEOPLE:
                if people + unusable >= LEAST_PEOPLE:
                    raise Refused(f"What {unusable} people taught cannot be used until it is made anew.")
                said = f"{people} people taught enough; it takes {LEAST_PEOPLE}."
                return Fit(whose.name, "shipped", people, said=said)
            prior = rounds.send(sums)
    except StopIteration as end:
        fitted: Prior = end.value
    _check(fitted, len(whose.names))
    provenance = f"Fitted from {start.version} and the sums of {people} people who agreed to pooling."
    cards = await _received(connection, now) if FEATURE.name in whose.names else {}
    prior = replace(fitted, version=fitted.version + _named(cards))
    file = to_json(PriorFile(whose.names, prior, provenance, cards))
    return Fit(whose.name, "fitted", people, prior.version, file)


async def _received(connection: Any, now: float) -> dict[str, float]:
    """How those who agreed received each card, by its id."""
    cards = await read_cards(connection, datetime.fromtimestamp((now - DAYS) * DAY_S, UTC))
    if not cards:
        return {}
    names, themes, people, rewards, total = zip(*cards, strict=True)
    _, theme = np.unique(themes, return_inverse=True)
    found = received(theme, np.array(people), np.array(rewards), np.array(total))
    return {name: value for name, value in zip(names, found.tolist(), strict=True) if value != 0.0}


def _named(cards: Mapping[str, float]) -> str:
    """As the rest of a version it is the content."""
    return f"-{blake2b(repr(cards).encode(), digest_size=4).hexdigest()}" if cards else ""


async def _gathered(connection: Any, whose: Whose, prior: Prior, now: float) -> tuple[PriorSums, int]:
    """Batches are of those who count, so who does not count leaves no trace in how sums were rounded."""
    total, some, unusable = PriorSums.nothing(len(whose.names)), list[Sums](), 0
    async for person, made_of, row in agreeing(connection, whose.name):
        state, found = opened(whose.policy, person, row, made_of, whose.version)
        sums = summed(state)
        if found != "known":
            unusable += 1
        elif sums.n * sums.kept(now) >= LEAST_TAUGHT:
            some.append(sums)
        if len(some) == AT_ONCE:
            total, some = total + gather(some, prior, now), []
    return total + gather(some, prior, now), unusable


def _check(prior: Prior, width: int) -> None:
    try:
        Assumed.of(prior, width)
    except ValueError as error:
        raise Refused(f"The fit cannot be used: {error}") from error
    if np.abs(prior.mean).max() > MOST or np.diag(prior.cov).max() > MOST**2:
        raise Refused("The fit cannot be used: rewards within ±1 do not give such weights.")
