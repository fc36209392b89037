"""What is old is put away: rows stay bounded, states stay the same, late repetitions teach nothing."""

import asyncio
from uuid import uuid4

from numpy.random import default_rng

from ml.serving.metrics import Metrics
from ml.serving.upkeep import Upkeep, unleaping
from ml.state import DAY_S, Store
from ml.state.made_up import alone, life
from ml.state.test_learn import FORGETFUL, LEARNING, bytes_of, tell
from ml.throwaway_postgres import Database


def test_terms_go_after_their_days_and_what_they_taught_stays(database: Database) -> None:
    people = [uuid4() for _ in range(3)]
    lives = {person: life(person, 60, default_rng(at), days=40.0) for at, person in enumerate(people)}

    async def run() -> list[int]:
        store, metrics = await Store.open(database.url("oo_ml")), Metrics()
        upkeep = Upkeep(store, LEARNING, metrics, retention_days=30.0)
        for told in lives.values():
            await tell(store, told)
        rounds = [await upkeep.round(20_040.0 + day) for day in (0.0, 0.5, 5.0, 80.0)]
        for told in lives.values():
            await tell(store, told)
        metrics.close()
        await store.close()
        return rounds

    rounds = asyncio.run(run())
    assert rounds == [3, 0, 3, 3], "a day goes at a time"
    kept = database.run("oo_ml", "SELECT count(*) AS n FROM ml.terms")[0]["n"]
    assert kept == 0
    for person, told in lives.items():
        assert bytes_of(database, person) == alone(FORGETFUL, told)


def test_a_clock_that_jumps_forward_makes_nothing_old() -> None:
    wall, steady = [20_000 * DAY_S], [7.0]
    now_days = unleaping(lambda: wall[0], lambda: steady[0])
    wall[0] += 40 * DAY_S
    steady[0] += DAY_S
    assert now_days() == 20_001.0
    wall[0] -= 80 * DAY_S
    assert now_days() == 19_960.0
