"""Made-up people who taught something, stored as serving stores them, and what they answer about pooling."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from numpy.random import default_rng

from ml.features import NAMES, PARTS, WIDTH
from ml.policy import Policy
from ml.state.learning import Learning
from ml.state.made_up import life
from ml.state.store import Store
from ml.throwaway_postgres import Database

DAY = 20_000.0
"""The last that anybody taught."""
TEXT = "1"
AT_ONCE = 64


def teach(database: Database, policy: Policy, people: Sequence[UUID], rewards: int = 40) -> None:
    """The same person teaches the same, whoever else is there."""
    learning = Learning((policy,), NAMES, PARTS)

    async def run() -> None:
        store = await Store.open(database.url("oo_ml"))
        for start in range(0, len(people), AT_ONCE):
            lives = {
                person: life(person, rewards, default_rng(person.int % 2**32), DAY - 5.0, 5.0, WIDTH)
                for person in people[start : start + AT_ONCE]
            }
            arrivals = {p: [one.term(learning.layout) for one in told] for p, told in lives.items()}
            await store.learn(learning, arrivals)
        await store.close()

    asyncio.run(run())


def answer(database: Database, people: Sequence[UUID], agrees: bool) -> None:
    """As the api tells it."""
    some = (list(people), [agrees] * len(people), [TEXT] * len(people))
    database.run("oo_api", "SELECT ml.hear_pooling($1::uuid[], $2::boolean[], $3::text[])", *some)
