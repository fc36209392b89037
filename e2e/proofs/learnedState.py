"""R14, the part that damages: learned state is deleted or corrupted at random points while decisions go on.

`python learnedState.py '{"database": URL, "port": n, "rounds": n, "people": n, "events": n, "without": ""}'` prints one
line of JSON. After each damage the person is asked about until their states are whole again; then every bit is compared.
"""

import asyncio
import json
import random
import sys
import threading
import time
from datetime import UTC, datetime
from urllib.request import urlopen
from uuid import UUID, uuid4

from scorer import Scorer  # first: it makes ml importable

import asyncpg
from lives import FORGETFUL, as_told, event_of, lives
from ml.features import NAMES, PARTS
from ml.policy import make
from ml.serving.policies import Policies
from ml.state import Store
from ml.state.made_up import Told, alone
from numpy.random import default_rng

FREEZE_AT = 20_010.0
LEARNING = Policies(FORGETFUL, (make("random", len(NAMES)),)).learning
"""All that the scorer learns, also of moments: what was damaged is compared with what it makes anew."""
# A bit of a number, so that only its checksum can tell.
LAST = "length(bytes) - 4"
FLIP = f"bytes = set_byte(bytes, {LAST}, 255 - get_byte(bytes, {LAST})) WHERE policy = 'forgetful' AND"
ALSO = "DELETE FROM ml.posteriors WHERE"
# What is done to a person's rows, and what ml must count. What is only looked at when states are made anew loses its
# posterior as well. A lost term comes back when the log is told again.
DAMAGES: dict[str, tuple[list[str], str]] = {
    "posterior bytes": ([f"UPDATE ml.posteriors SET {FLIP}"], "unusable"),
    "posterior cut short": (["UPDATE ml.posteriors SET bytes = substr(bytes, 1, 9) WHERE"], "unusable"),
    "posterior deleted": (["DELETE FROM ml.posteriors WHERE"], "missing"),
    "checksum": (["UPDATE ml.posteriors SET checksum = substr(sha256(checksum), 1, 16) WHERE"], "unusable"),
    "version": (["UPDATE ml.posteriors SET version = '0' WHERE"], "unusable"),
    "head deleted": (["DELETE FROM ml.heads WHERE"], "terms_doubtful"),
    "snapshot bytes": ([f"UPDATE ml.snapshots SET {FLIP} copy = 1 AND", ALSO], "snapshot_copied"),
    "snapshot copy deleted": (["DELETE FROM ml.snapshots WHERE copy = 2 AND", ALSO], "snapshot_copied"),
    "terms": (["UPDATE ml.terms SET x = substr(x, 9) WHERE event_id LIKE '%5' AND", ALSO], "terms_doubtful"),
    "terms deleted": (["DELETE FROM ml.terms WHERE event_id LIKE '%3' AND", ALSO], "terms_doubtful"),
}


class Decisions:
    """Asks for decisions without a pause and remembers what went wrong."""

    def __init__(self, scorer: Scorer, people: list[UUID]) -> None:
        self._scorer, self._people = scorer, people
        self._on = True
        self.asked = self.failed = 0
        self.slowest_ms = 0.0
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        chance = random.Random(5)
        while self._on:
            began = time.monotonic()
            status, answer = self._scorer.ask("POST", "/score", _score(chance.choice(self._people)))
            self.asked += 1
            self.failed += status != 200 or not answer["chosen"]
            self.slowest_ms = max(self.slowest_ms, (time.monotonic() - began) * 1000)
            time.sleep(0.002)

    def stop(self) -> None:
        self._on = False
        self._thread.join()


def _score(person: UUID) -> dict:
    candidates = [{"id": i, "kind": "todo", "source": "s", "attributes": {}} for i in ("a", "b", "c")]
    now = datetime.now(UTC).isoformat()
    asked = {"decisionId": uuid4().hex, "personId": str(person), "now": now, "timeZone": "UTC"}
    return asked | {"trigger": "open", "candidates": candidates}


async def everything(database: asyncpg.Connection, person: UUID) -> list[str]:
    rows = await database.fetch("SELECT ml.export_person($1)::jsonb #- '{row,updatedAt}' AS row", person)
    return sorted(row["row"] for row in rows if '"ml.heads"' not in row["row"])


async def learned(database: asyncpg.Connection, person: UUID) -> bytes:
    query = "SELECT bytes FROM ml.posteriors WHERE person_id = $1 AND policy = 'forgetful'"
    return bytes(await database.fetchval(query, person) or b"")


async def main() -> None:
    asked = json.loads(sys.argv[1])
    scorer = Scorer(asked["database"], asked["port"], asked["without"])
    made = lives(asked["people"], asked["events"], default_rng(14), days=20.0)
    made = {person: [as_told(one) for one in told] for person, told in made.items()}
    database = await asyncpg.connect(asked["owner"])
    store = await Store.open(asked["database"])
    try:
        scorer.start()
        await asyncio.to_thread(scorer.wait_until_ready)
        for told in made.values():
            tell(scorer, told)
        for person in made:
            await store.refold(person, LEARNING, FREEZE_AT)
        result = await rounds(asked, scorer, database, made)
    finally:
        scorer.kill()
        await store.close()
        await database.close()
    sys.stdout.write(json.dumps(result) + "\n")


def tell(scorer: Scorer, told: list[Told]) -> None:
    for start in range(0, len(told), 256):
        events = [event_of(one) for one in told[start : start + 256]]
        status, answer = scorer.ask("POST", "/reward", {"events": events})
        if status != 200:
            raise SystemExit(f"ml answered {status}: {answer}")


async def damaged(database: asyncpg.Connection, person: UUID, damage: list[str]) -> bool:
    """False where this person has nothing of the kind: some have no snapshots, some no terms."""
    async with database.transaction():
        for at, sql in enumerate(damage):
            touched = await database.execute(f"{sql} person_id = '{person}'")
            if at == 0 and touched.endswith(" 0"):
                return False
    return True


async def rounds(asked: dict, scorer: Scorer, database: asyncpg.Connection, made: dict) -> dict:
    chance, people = random.Random(7), list(made)
    decisions = Decisions(scorer, people)
    unnoticed: list[str] = []
    unhealed: list[str] = []
    heal_ms: list[float] = []
    try:
        for at in range(asked["rounds"]):
            name = asked["only"] or list(DAMAGES)[at % len(DAMAGES)]
            damage, outcome = DAMAGES[name]
            seen, began = faults(scorer, outcome), time.monotonic()
            person = chance.choice(people)
            before = await everything(database, person)
            while not await damaged(database, person, damage):
                person = chance.choice(people)
                before = await everything(database, person)
            healed = False
            while not healed and time.monotonic() - began < asked["healWithinS"]:
                await asyncio.to_thread(scorer.ask, "POST", "/score", _score(person))
                if name.startswith("terms") and faults(scorer, outcome) > seen:
                    await asyncio.to_thread(tell, scorer, made[person])
                healed = faults(scorer, outcome) > seen and await everything(database, person) == before
            heal_ms.append((time.monotonic() - began) * 1000)
            if faults(scorer, outcome) <= seen:
                unnoticed.append(name)
            if not healed or await learned(database, person) != alone(FORGETFUL, made[person], PARTS):
                unhealed.append(name)
    finally:
        decisions.stop()
    heal_ms.sort()
    return {
        "rounds": asked["rounds"],
        "unhealed": unhealed,
        "unnoticed": unnoticed,
        "decisions": decisions.asked,
        "failed": decisions.failed,
        "slowestMs": round(decisions.slowest_ms),
        "healP50Ms": round(heal_ms[len(heal_ms) // 2]),
        "healMostMs": round(heal_ms[-1]),
    }


def faults(scorer: Scorer, outcome: str) -> float:
    """How many faults of this kind ml has counted."""
    with urlopen(f"http://127.0.0.1:{scorer.port}/metrics", timeout=5) as answer:
        lines = answer.read().decode().splitlines()
    counted = [line for line in lines if line.startswith("oo_ml_state_faults_total{")]
    return sum(float(line.rsplit(" ", 1)[1]) for line in counted if f'outcome="{outcome}"' in line)


if __name__ == "__main__":
    asyncio.run(main())
