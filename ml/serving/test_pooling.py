"""What people start from: taken up while ml runs, named in each decision, and no past decision changes."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID, uuid4

import numpy as np
import pytest
from numpy.random import default_rng
from starlette.testclient import TestClient

from ml.features import COLUMNS, NAMES, WIDTH
from ml.policy import make, moment
from ml.policy.draw import rng_for
from ml.policy.prior import PriorFile, from_json, shipped, to_json
from ml.serving import pooling as pooling_module
from ml.serving.conftest import Open
from ml.serving.metrics import Metrics
from ml.serving.policies import Policies
from ml.serving.pooling import Pooling
from ml.serving.rebuilding import Rebuilding
from ml.serving.test_learning import event, learn
from ml.serving.test_score import request
from ml.state import Store
from ml.state.made_up_people import answer
from ml.state.pooled import Fit, Seen, put_in_force, read_prior
from ml.throwaway_postgres import Database
from ml.until import wait_until

R = TypeVar("R")
PEOPLE = [UUID(int=(5 << 96) + at) for at in range(7)]
VALUES = default_rng(5).uniform(0, 1, size=(len(PEOPLE), 14, WIDTH)).tolist()


@pytest.fixture
def house(database: Database) -> Database:
    database.run("oo_owner", "TRUNCATE ml.pooling, ml.pooling_leaves, ml.priors")
    return database


def teach(client: TestClient) -> None:
    """By rewards, as the api tells them."""
    for at, person in enumerate(PEOPLE):
        events = []
        for n, row in enumerate(VALUES[at]):
            features = {"ids": ["a"], "names": list(NAMES), "values": [row]}
            reward = 1.0 if row[COLUMNS["overdue"]] > 0.5 else -0.5
            events.append(
                event(str(person), f"{person}.{n}", features=features, chosen="a", reward=reward, at=None)
            )
        learn(client, *events)


def pooling_of(database: Database, work: Callable[[Pooling], Awaitable[R]], name: str = "hb_ts") -> R:
    """A copy of ml's own pooling over this database."""

    async def run() -> R:
        store = await Store.open(database.url("oo_ml"))
        policies = Policies(make(name, WIDTH, shipped(NAMES), COLUMNS), ())
        rebuilding = Rebuilding(store, policies.learning, Metrics())
        pooling = Pooling(store, database.url("oo_ml"), policies, rebuilding, Metrics(), 30.0)
        try:
            return await work(pooling)
        finally:
            await pooling.stop()
            await store.close()

    return asyncio.run(run())


def until(client: TestClient, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """What people start from, once it is like that."""

    def look() -> dict[str, Any] | None:
        prior: dict[str, Any] = client.get(f"/stats?personId={uuid4()}").json()["prior"]
        return prior if holds(prior) else None

    found = wait_until(look, "another prior", 60)
    assert found
    return found


def test_a_running_ml_fits_takes_up_and_goes_back_and_no_past_decision_changes(
    open_app: Open, house: Database
) -> None:
    client, copy = (open_app(house.url("oo_ml"), policy="hb_ts", shadows=()) for _ in range(2))
    teach(client)
    person = str(uuid4())
    before = client.post("/score", json=request("before", personId=person)).json()
    assert before["version"] == f"1+{shipped(NAMES).version}"
    assert client.get(f"/stats?personId={person}").json()["prior"] == {
        "policy": "hb_ts", "version": shipped(NAMES).version, "people": 0,
    }  # fmt: skip

    answer(house, PEOPLE[:6], agrees=True)
    fitted = until(client, lambda prior: prior["people"] == 6)
    after = client.post("/score", json=request("after", personId=person)).json()
    assert after["version"] == f"1+{fitted['version']}"
    assert fitted["madeAt"]
    assert until(copy, lambda prior: prior["people"] == 6) == fitted, "every copy of ml"
    assert after["scores"] != before["scores"]
    metrics = client.get("/metrics").text
    assert f'oo_ml_prior_people{{policy="hb_ts",version="{fitted["version"]}"}} 6.0' in metrics
    assert f'version="{shipped(NAMES).version}"' not in metrics
    assert client.get("/health").json()["parts"]["prior"]["status"] == "ok"

    # A decision is what the version it names makes of it, whatever is in force by now.
    for logged, prior in ((before, shipped(NAMES)), (after, stored(house, fitted["version"]))):
        x = np.array(logged["features"]["values"])
        policy = make("hb_ts", WIDTH, prior, COLUMNS)
        name = "before" if logged is before else "after"
        made = policy.choose(policy.fresh(), x, rng_for(name, "policy:hb_ts"), 0.0)
        assert made.tolist() == logged["probabilities"]
        assert policy.version == logged["version"]

    answer(house, PEOPLE[:2], agrees=False)
    until(client, lambda prior: prior["version"] == shipped(NAMES).version)
    assert house.run("oo_ml", "SELECT 1 FROM ml.priors WHERE file IS NOT NULL") == []
    kept = client.get("/features?decisionId=after").json()
    assert (kept["version"], kept["contributions"]) == (after["version"], after["contributions"])
    again = client.post("/score", json=request("before", personId=person)).json()
    assert again["probabilities"] == before["probabilities"]


def test_how_cards_were_received_comes_and_goes_with_the_prior(
    open_app: Open, house: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pooling_module, "LOOK_EVERY_S", 0.1)
    client = open_app(house.url("oo_ml"), policy="hb_ts", shadows=())
    cards = [
        {"id": name, "kind": "advice", "source": "library", "attributes": {"theme": "move"}}
        for name in ("library:move-walk", "library:move-sit")
    ]

    def scored() -> tuple[str, list[float]]:
        told = client.post("/score", json=request("d", candidates=cards)).json()
        return told["version"], [row[COLUMNS["received"]] for row in told["features"]["values"]]

    def put(fit: Fit) -> None:
        async def run() -> None:
            store, at = await Store.open(house.url("oo_ml")), datetime.now(UTC)
            async with store.transaction() as connection:
                await put_in_force(connection, fit, at, [], at)
            await store.close()

        asyncio.run(run())

    before = scored()
    assert before == (f"1+{shipped(NAMES).version}", [0.0, 0.0])
    prior = replace(shipped(NAMES), version="pooled-made-up")
    file = to_json(PriorFile(NAMES, prior, "made up", {"library:move-walk": 0.4}))
    put(Fit("hb_ts", "fitted", 5, prior.version, file))
    wait_until(lambda: scored() == ("1+pooled-made-up", [0.4, 0.0]), "the cards come with the prior", 30)
    put(Fit("hb_ts", "shipped", 4))
    wait_until(lambda: scored() == before, "and go with it", 30)


def test_what_is_learned_of_moments_is_pooled_too(
    open_app: Open, house: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seven who agreed like the morning and not the afternoon; somebody new is met with that."""
    monkeypatch.setattr(pooling_module, "REST_S", 0.1)
    client = open_app(house.url("oo_ml"), policy="hb_ts", shadows=())
    names, person = [*NAMES, *moment.COLUMNS], str(uuid4())
    for at, liking in enumerate(PEOPLE):
        events = []
        for n in range(16):
            z = moment.moment(9.0 if n % 2 else 15.0, False, False, 1.0)
            row = [*VALUES[at][n % 14], 0.3, *z.tolist()]
            features = {"ids": ["a"], "names": names, "values": [row]}
            reward = 0.5 if n % 2 else -0.5
            told = {"features": features, "chosen": "a", "reward": reward, "at": None}
            events.append(event(str(liking), f"push.{liking}.{n}", **told))
        learn(client, *events)

    def worth(hour: int) -> float:
        now = f"2026-03-10T{hour:02}:00:00+01:00"
        asked = request(f"at{hour}", personId=person, now=now, trigger="push")
        added = np.array(client.post("/score", json=asked).json()["contributions"])[0, WIDTH + 1 :]
        return float(added.sum())

    before = worth(9), worth(15)
    answer(house, PEOPLE, agrees=True)
    wait_until(
        lambda: worth(9) > before[0] + 0.05 and worth(15) < before[1] - 0.05, "their mornings are in it", 60
    )
    answer(house, PEOPLE[:3], agrees=False)
    wait_until(lambda: (worth(9), worth(15)) == before, "who left is out of it", 60)
    assert house.run("oo_ml", "SELECT 1 FROM ml.priors WHERE file IS NOT NULL") == []
    house.run("oo_owner", "TRUNCATE ml.terms, ml.heads, ml.posteriors, ml.snapshots")


def stored(database: Database, version: str) -> Any:
    async def read(pooling: Pooling) -> str | None:
        async with pooling._store.transaction() as connection:
            return await read_prior(connection, "hb_ts", version)

    file = pooling_of(database, read)
    assert file is not None
    return from_json(file).over(NAMES)


async def made(pooling: Pooling) -> Seen:
    await pooling.round(await pooling.look())
    return await pooling.look()


def test_a_reset_makes_it_anew_without_what_was_forgotten(open_app: Open, house: Database) -> None:
    client = open_app(house.url("oo_ml"), policy="random", shadows=("hb_ts",))
    teach(client)
    answer(house, PEOPLE, agrees=True)
    first = until(client, lambda prior: prior["people"] == 7)["version"]
    assert client.post("/reset", json={"personId": str(PEOPLE[0])}).json()["reset"] == 3
    second = until(client, lambda prior: prior["people"] == 6)["version"]
    versions = house.run("oo_ml", "SELECT version FROM ml.priors WHERE policy = 'hb_ts'")
    assert [row["version"] for row in versions] == [second] != [first]
    assert house.run("oo_ml", "SELECT count(*) AS n FROM ml.pooling")[0]["n"] == 7, "they still agree"
    house.run("oo_owner", "TRUNCATE ml.terms, ml.heads, ml.posteriors, ml.snapshots")


def test_what_is_damaged_is_not_taken_up_and_is_made_anew(open_app: Open, house: Database) -> None:
    teach(open_app(house.url("oo_ml"), policy="hb_ts", shadows=()))
    answer(house, PEOPLE, agrees=True)
    damage = "UPDATE ml.priors SET file = replace(file, '0.1', '0.2'), version = 'pooled-other'"

    async def run(pooling: Pooling) -> None:
        good = await made(pooling)
        assert (pooling.is_due(good), told(pooling)[0]) == (False, "ok")
        await asyncio.to_thread(house.run, "oo_owner", damage)
        bad = await pooling.look()
        status, detail = told(pooling)
        assert (status, f"hb_ts starts from {good.version}" in detail) == ("degraded", True)
        assert pooling.is_due(bad)
        assert (await made(pooling)).people == 7
        assert told(pooling)[0] == "ok"

    pooling_of(house, run)


def test_what_an_older_release_learned_of_who_agreed_is_made_anew_for_the_fit(
    open_app: Open, house: Database
) -> None:
    teach(open_app(house.url("oo_ml"), policy="hb_ts", shadows=()))
    answer(house, PEOPLE, agrees=True)
    house.run("oo_owner", "UPDATE ml.posteriors SET version = '1+00000000'")

    async def run(pooling: Pooling) -> None:
        seen = await made(pooling)
        assert (seen.people, seen.said) == (7, None), "nobody has to come by first"
        assert told(pooling)[0] == "ok"

    pooling_of(house, run)


def told(pooling: Pooling) -> tuple[str, str]:
    health = pooling.health()
    assert health
    return health["status"], health["detail"]


def children() -> set[str]:
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())


async def kill_who_is_born_after(before: set[str]) -> None:
    async with asyncio.timeout(30):
        while not (born := children() - before):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.005)
    os.kill(int(born.pop()), signal.SIGKILL)


def test_a_fit_that_is_killed_or_late_leaves_the_old_one_and_says_so(open_app: Open, house: Database) -> None:
    teach(open_app(house.url("oo_ml"), policy="hb_ts", shadows=()))
    answer(house, PEOPLE, agrees=True)

    async def run(pooling: Pooling) -> None:
        old, before = await made(pooling), children()
        await asyncio.gather(pooling.round(old), kill_who_is_born_after(before))
        seen = await pooling.look()
        assert (seen.version, seen.failed, seen.said) == (old.version, True, "It was ended by signal 9.")
        status, detail = told(pooling)
        assert (status, "signal 9" in detail, str(old.version) in detail) == ("degraded", True, True)
        await pooling.round(old, deadline_s=0.0)
        assert (await pooling.look()).said == "It took too long and was stopped."
        assert (await made(pooling)).failed is False
        assert told(pooling)[0] == "ok"

    pooling_of(house, run)


def test_it_is_due_every_night_at_once_after_a_leave_and_not_where_nobody_agreed(house: Database) -> None:
    async def run(pooling: Pooling) -> None:
        nobody = await pooling.look()
        assert not pooling.is_due(nobody)
        assert pooling.is_due(nobody._replace(left=True))
        assert pooling.is_due(nobody._replace(agreed=5))
        evening = nobody.now.replace(hour=20, minute=0)
        made_at = nobody._replace(agreed=5, seq=1, at=evening, tried_at=evening, failed=False)
        for hours, due in ((0, False), (6.9, False), (7.1, True), (24, True)):
            assert pooling.is_due(made_at._replace(now=evening + timedelta(hours=hours))) == due
        failed = made_at._replace(failed=True, left=True)
        for minutes, due in ((9, False), (11, True)):
            assert pooling.is_due(failed._replace(now=evening + timedelta(minutes=minutes))) == due

    pooling_of(house, run)


def test_without_a_policy_that_pools_who_leaves_is_still_taken_out_of_what_there_was(house: Database) -> None:
    house.run(
        "oo_owner",
        "INSERT INTO ml.priors (policy, outcome, people, version, file, checksum)"
        " VALUES ('hb_ts', 'fitted', 5, 'pooled-old', 'old', decode(repeat('00', 16), 'hex'))",
    )

    async def run(pooling: Pooling) -> None:
        assert (pooling.stats(), pooling.health()) == (None, None)
        assert not pooling.is_due(await pooling.look())
        await asyncio.to_thread(answer, house, PEOPLE[:1], True)
        await asyncio.to_thread(answer, house, PEOPLE[:1], False)
        assert pooling.is_due(await pooling.look())
        assert (await made(pooling)).version is None
        assert await asyncio.to_thread(house.run, "oo_ml", "SELECT 1 FROM ml.priors WHERE file > ''") == []

    pooling_of(house, run, "lints")
