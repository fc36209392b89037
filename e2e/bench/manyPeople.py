"""P9: what it costs that there are many people. A store of each size is filled and asked in turns (A B A B): one
posterior read and opened, a whole decision (ml's own door, in this process), and one round of the prior's EM that
streams the largest store. Prints JSON. `python e2e/bench/manyPeople.py SECONDS SIZE…`, with the root on PYTHONPATH.
"""

import asyncio
import json
import random
import secrets
import sys
from contextlib import AsyncExitStack, ExitStack
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from uuid import UUID

from ml.serving.settings import Settings, use_one_blas_thread

use_one_blas_thread()

import asyncpg
import uvloop
from numpy.random import default_rng

from ml.experiments.ours import Ours, Recipe
from ml.experiments.play import play
from ml.experiments.worlds.regime import Regime
from ml.experiments.worlds.tape import WORLDS, tape
from ml.features import COLUMNS, NAMES, WIDTH
from ml.policy.count_state import CountState
from ml.policy.pooling import PriorSums, gather
from ml.policy.prior import shipped
from ml.policy.sums import Sums, summed
from ml.serving.app import create_app
from ml.serving.policies import from_settings
from ml.state import Away, Store, opened
from ml.state.head import Head
from ml.state.packing import checksum
from ml.throwaway_postgres import make_database, postgres

ROUNDS, WARM, CANDIDATES = 7, 300, 12
REST_S = 1.1
"""After a read that took too long ml rests for a second."""
LIVED = Regime("much used", people=40, per_day=4.0, days=60)
"""Of each world. Who looks less often, for a year, fills less: what is old fades."""
LAST_DAY = 20_522.0
POOLED_MOST = 100_000
SECRET = secrets.token_hex(32)


def person(at: int) -> UUID:
    return UUID(bytes=blake2b(at.to_bytes(8, "little"), digest_size=16).digest())


def settings(url: str) -> Settings:
    said = {"policy": "hb_ts", "shadows": ("random",), "database_url": url}
    return Settings(port=0, bind="127.0.0.1", secret=SECRET, **said)


class Lived(Ours):
    """Plays as in the lab, and what it learned of everybody is there to be kept."""

    @property
    def sums(self) -> list[Sums]:
        return [replace(summed(state), last_t=LAST_DAY) for state in self._states]


def lives() -> list[Sums]:
    """What simulated people taught: tasks and cards, so that some columns never meet."""
    lived: list[Sums] = []
    for world in WORLDS.values():
        agent = Lived("hb_ts", Recipe("hb_ts", pooled=False), WIDTH, COLUMNS, LIVED.people)
        play(tape(world, LIVED, 0), agent, default_rng([0, 2]))
        lived += agent.sums
    return lived


async def fill(url: str, people: int, states: list[bytes]) -> dict[str, float]:
    """Rows as learning leaves them: a head, and a posterior for each policy, with their checksums."""
    policies = from_settings(settings(url))
    hb_ts, control = policies.incumbent, policies.shadows[0]
    versions = [policies.learning.version(policy) for policy in policies.all]
    counted = CountState(40).to_bytes()
    head = Head(40, 40, blake2b(b"terms", digest_size=16).digest(), 0.0, LAST_DAY - 40, (LAST_DAY, "e39"))

    def heads():
        for at in range(people):
            yield (person(at), *head.columns, head.checksum(person(at)))

    def posteriors():
        for at in range(people):
            who = person(at)
            for policy, version, data in zip((hb_ts, control), versions, (states[at % len(states)], counted)):
                yield who, policy.name, version, data, checksum(who, policy.name, version, head.made_of, data)

    connection = await asyncpg.connect(url)
    named = "person_id terms standing total frozen_t oldest_t last_t last_id wants_log log_follows checksum"
    of = {"schema_name": "ml", "timeout": 3_600}
    began = perf_counter()
    await connection.copy_records_to_table("heads", records=heads(), columns=named.split(), **of)
    columns = "person_id policy version bytes checksum".split()
    await connection.copy_records_to_table("posteriors", records=posteriors(), columns=columns, **of)
    size = await connection.fetchval(
        "SELECT sum(pg_total_relation_size(t)) FROM unnest(ARRAY['ml.posteriors', 'ml.heads']::regclass[]) t"
    )
    await connection.close()
    return {"bytesStored": float(size) / people, "filledInS": perf_counter() - began}


async def asked(door, body: bytes) -> bool:
    """Whether it was decided by what is known of the person, and not by the population."""
    said = [(b"x-oo-secret", SECRET.encode()), (b"content-length", b"%d" % len(body))]
    scope = {"type": "http", "method": "POST", "path": "/score", "headers": said}
    sent = []

    async def receive():
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message):
        sent.append(message)

    await door(scope, receive, send)
    if sent[0]["status"] != 200:
        raise RuntimeError(f"ml answered {sent[0]['status']}: {sent[1]['body']}")
    return b'"fallback"' not in sent[1]["body"]


def decision(at: int, turn: int) -> bytes:
    about = {"priority": 2, "createdAt": "2026-03-01T08:00:00Z", "effortMin": 15, "timesShown": 1, "recurring": False}
    due = {"date": "2026-03-10", "time": None}
    candidates = [
        {"id": f"todoist:{n}", "kind": "todo", "source": "todoist", "attributes": about | ({"due": due} if n % 3 else {})}
        for n in range(CANDIDATES)
    ]
    moment = {"now": "2026-03-10T09:00:00Z", "timeZone": "Europe/Berlin", "trigger": "open", "dosage": 0.5}
    who = {"decisionId": f"d{turn}", "personId": str(person(at))}
    return json.dumps({**who, **moment, "candidates": candidates}).encode()


class House:
    """One store and ml in front of it."""

    def __init__(self, url: str, people: int) -> None:
        self.people, self._url, self._turn, self._any = people, url, 0, random.Random(1)
        self.policies = from_settings(settings(url))
        self.fallbacks = 0

    async def open(self, stack: AsyncExitStack) -> None:
        self._door = create_app(settings(self._url))
        await stack.enter_async_context(self._door.inside.router.lifespan_context(self._door.inside))
        self.store = await Store.open(self._url)
        stack.push_async_callback(self.store.close)
        await self.store.alive()
        await self._warm()

    async def _warm(self) -> None:
        """Until the connections stand: the first read may meet none, and then ml rests for a second."""
        for _ in range(20):
            if await asked(self._door, decision(0, 0)):
                return
            await asyncio.sleep(REST_S)
        raise RuntimeError("ml never decided by its store")

    async def load(self) -> float:
        who, policy = person(self._any.randrange(self.people)), self.policies.incumbent
        began = perf_counter()
        try:
            known = await self.store.recall(who, self.policies.names)
        except Away:
            await asyncio.sleep(REST_S)
            return REST_S
        version = self.policies.learning.version(policy)
        if opened(policy, who, known.rows[policy.name], known.made_of, version)[1] != "known":
            raise RuntimeError("a posterior that was written cannot be opened")
        return perf_counter() - began

    async def decide(self) -> float:
        self._turn += 1
        body = decision(self._any.randrange(self.people), self._turn)
        began = perf_counter()
        known = await asked(self._door, body)
        took = perf_counter() - began
        if not known:
            self.fallbacks += 1
            await asyncio.sleep(REST_S)
        return took


async def lap(act, seconds: float) -> dict[str, float]:
    times, until = [], perf_counter() + seconds
    while perf_counter() < until or len(times) < 200:
        times.append(await act())
    times.sort()
    return {"p50Ms": times[len(times) // 2] * 1e3, "p99Ms": times[int(len(times) * 0.99)] * 1e3}


async def pooled(url: str, people: int) -> dict[str, float]:
    """One round of EM as a worker would make it: rows in, 256 at a time, sums out. CPU of this process."""
    prior, total, most = shipped(NAMES), PriorSums.nothing(len(NAMES)), min(people, POOLED_MOST)
    connection = await asyncpg.connect(url)
    began, clock = process_time(), perf_counter()
    async with connection.transaction():
        cursor = await connection.cursor("SELECT bytes FROM ml.posteriors WHERE policy = 'hb_ts'")
        while total.people < most and (some := await cursor.fetch(256)):
            total += gather([Sums.from_bytes(row[0]) for row in some], prior, LAST_DAY)
    took, waited = process_time() - began, perf_counter() - clock
    await connection.close()
    return {"people": total.people, "cpuUs": took / total.people * 1e6, "us": waited / total.people * 1e6}


async def main(urls: dict[int, str], seconds: float) -> dict[str, object]:
    states = [sums.to_bytes() for sums in lives()]
    filled = {size: await fill(url, size, states) for size, url in urls.items()}
    async with AsyncExitStack() as stack:
        houses = {size: House(url, size) for size, url in urls.items()}
        for house in houses.values():
            await house.open(stack)
            for _ in range(WARM):
                await house.load()
        loads, decisions = {size: [] for size in urls}, {size: [] for size in urls}
        for _ in range(ROUNDS):
            for size, house in houses.items():
                loads[size].append(await lap(house.load, seconds / ROUNDS))
                decisions[size].append(await lap(house.decide, seconds / ROUNDS))
    largest = max(urls)
    rounds = [await pooled(urls[largest], largest) for _ in range(3)]
    told = {
        str(n): {**filled[n], "loads": loads[n], "decisions": decisions[n], "fallbacks": houses[n].fallbacks}
        for n in urls
    }
    of_states = {"stateBytes": sum(map(len, states)) / len(states), "largestBytes": max(map(len, states))}
    return {"sizes": told, "pooled": rounds, "columns": WIDTH, **of_states}


if __name__ == "__main__":
    with ExitStack() as held:
        url = held.enter_context(postgres(Path(held.enter_context(TemporaryDirectory(prefix="oo-many-")))))
        made = {int(n): held.enter_context(make_database(url, f"people{n}")).url("oo_ml") for n in sys.argv[2:]}
        print(json.dumps(uvloop.run(main(made, float(sys.argv[1])))))
