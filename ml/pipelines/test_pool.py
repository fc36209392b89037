"""The prior of people who agreed: nobody else is in it, who left is not, and no kill leaves half of it."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from ml.features import COLUMNS, NAMES, PARTS, WIDTH
from ml.pipelines.log import DAY_S
from ml.pipelines.pooling import Refused, pool
from ml.policy import make
from ml.policy.pooling import pooled
from ml.policy.prior import from_json, shipped
from ml.policy.sums import Sums
from ml.state import Learning
from ml.state.made_up_people import DAY, answer, teach
from ml.state.pooled import Fit
from ml.state.refold import packed
from ml.state.rows import read_heads, read_posteriors, write_posteriors
from ml.throwaway_postgres import ROOT, Database, make_database, wait_for
from ml.until import wait_until

HB_TS = make("hb_ts", WIDTH, shipped(NAMES), COLUMNS)
TABLES = "ml.pooling, ml.pooling_leaves, ml.priors, ml.terms, ml.heads, ml.posteriors, ml.erased"
PEOPLE = [UUID(int=(7 << 96) + at) for at in range(12)]
STAYED = [*PEOPLE[:3], *PEOPLE[4:8]]


@pytest.fixture
def house(database: Database) -> Database:
    database.run("oo_owner", f"TRUNCATE {TABLES}")
    return database


@pytest.fixture(scope="module")
def never(server_url: str) -> Iterator[list[Any]]:
    """What is fitted of these people where the one who leaves has never been."""
    with make_database(server_url, f"oo_ml_never_{uuid4().hex[:8]}") as house:
        teach(house, HB_TS, STAYED)
        answer(house, STAYED, agrees=True)
        fit(house, now=DAY + 3)
        yield priors(house)


def words(*more: str, now: float = DAY + 1) -> list[str]:
    at = datetime.fromtimestamp(now * DAY_S, UTC).isoformat()
    return [sys.executable, "-m", "ml.pipelines.pool", "--now", at, *more]


def started(database: Database, *more: str, now: float = DAY + 1) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    child = subprocess.Popen(words(*more, now=now), cwd=ROOT, text=True, stdin=pipe, stdout=pipe, stderr=pipe)
    assert child.stdin
    child.stdin.write(database.url("oo_ml") + "\n")
    child.stdin.close()
    child.stdin = None
    return child


def fit(
    database: Database, now: float = DAY + 1, keep_days: float = 30.0, after: int | None = None
) -> Fit | None:
    return wait_for(pool(database.url("oo_ml"), "hb_ts", now, keep_days, after))


def version_of(found: Fit | None) -> str:
    assert found is not None
    assert found.version is not None, found.said
    return found.version


def ended(child: subprocess.Popen[str]) -> tuple[dict[str, Any], str]:
    """What it printed and what it complained of."""
    printed, complained = child.communicate(timeout=60)
    return json.loads(printed) if printed else {}, complained.strip()


def priors(database: Database) -> list[Any]:
    return database.run("oo_ml", "SELECT outcome, version, people, file FROM ml.priors ORDER BY seq")


def of_lists(database: Database, people: list[UUID], now: float = DAY + 1) -> str:
    """The version of a fit in memory, of exactly these."""
    sql = "SELECT bytes FROM ml.posteriors WHERE person_id = ANY($1) ORDER BY person_id"
    states = [Sums.from_bytes(row["bytes"]) for row in database.run("oo_ml", sql, people)]
    return pooled(shipped(NAMES), states, now).version


@contextmanager
def open_transaction(database: Database, role: str, sql: str, *args: object) -> Iterator[Callable[[], None]]:
    """Somebody in the middle of something, until the answered function commits it or the block ends."""

    async def begin() -> tuple[Any, Any]:
        connection = await asyncpg.connect(database.url(role), timeout=5)
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute(sql, *args)
        return connection, transaction

    with asyncio.Runner() as runner:
        connection, transaction = runner.run(begin())
        yield lambda: runner.run(transaction.commit())
        runner.run(connection.close())


def until_asked(database: Database, query: str) -> None:
    """Somebody's last statement is like that."""
    sql = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND query LIKE $1"
    wait_until(lambda: database.run("postgres", f"{sql} AND pid <> pg_backend_pid()", query), query, 30)


def test_only_those_who_agreed_are_in_it_and_it_is_the_same_as_in_memory(house: Database) -> None:
    agreed, others = PEOPLE[:7], PEOPLE[7:]
    teach(house, HB_TS, PEOPLE)
    answer(house, agreed, agrees=True)
    answer(house, others[:2], agrees=False)
    told, _ = ended(started(house))
    assert told == {"outcome": "fitted", "people": 7, "version": of_lists(house, agreed), "said": None}
    assert told["version"] != of_lists(house, PEOPLE)
    (row,) = priors(house)
    file = from_json(row["file"])
    assert (file.names, file.prior.version) == (tuple(NAMES), told["version"])
    assert "7 people who agreed" in file.provenance
    assert not any(person.hex in row["file"].replace("-", "") for person in PEOPLE)


def test_more_than_one_batch_is_still_the_same_as_in_memory(house: Database) -> None:
    crowd = [UUID(int=(9 << 96) + at) for at in range(290)]
    teach(house, HB_TS, crowd, rewards=24)
    answer(house, crowd, agrees=True)
    told = fit(house)
    assert told
    counted = "SELECT person_id, bytes FROM ml.posteriors ORDER BY person_id"
    states = [(row["person_id"], Sums.from_bytes(row["bytes"])) for row in house.run("oo_ml", counted)]
    enough = [person for person, sums in states if sums.n * sums.kept(DAY + 1) >= 10]
    assert 256 < len(enough) < 290, "some taught too little to be in it"
    assert (told.people, told.version) == (len(enough), of_lists(house, enough))


def test_too_few_people_or_too_few_rewards_leave_the_shipped_one(house: Database) -> None:
    teach(house, HB_TS, PEOPLE[:4])
    teach(house, HB_TS, PEOPLE[4:8], rewards=8)
    answer(house, PEOPLE, agrees=True)
    assert fit(house) == Fit("hb_ts", "shipped", 4, said="4 people taught enough; it takes 5.")
    teach(house, HB_TS, PEOPLE[8:9])
    version_of(fit(house))
    faded = fit(house, now=DAY + 300)
    assert faded
    assert (faded.outcome, faded.people) == ("shipped", 0)


WAYS: dict[str, Callable[[Database, UUID], object]] = {
    "withdraws": lambda house, person: answer(house, [person], agrees=False),
    "is erased": lambda house, person: house.run("oo_api", "SELECT ml.erase_person($1)", person),
    "agreed to another text": lambda house, person: (
        house.run("oo_owner", "UPDATE ml.pooling SET version = '0' WHERE person_id = $1", person),
        house.run("oo_api", "SELECT ml.ask_pooling('1')"),
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_who_leaves_leaves_not_a_bit(house: Database, never: list[Any], way: str) -> None:
    teach(house, HB_TS, PEOPLE)
    answer(house, PEOPLE[:8], agrees=True)
    first, second = version_of(fit(house)), version_of(fit(house, now=DAY + 2))
    assert [row["version"] for row in priors(house)] == [first, second]
    WAYS[way](house, PEOPLE[3])
    again = version_of(fit(house, now=DAY + 3))
    assert priors(house) == never, "what had them in it is gone, and the rest is equal to the bit"
    assert again not in (first, second)
    assert house.run("oo_ml", "SELECT 1 FROM ml.pooling_leaves") == []


def test_when_too_few_stay_what_was_fitted_goes(house: Database) -> None:
    teach(house, HB_TS, PEOPLE)
    answer(house, PEOPLE[:5], agrees=True)
    version_of(fit(house))
    answer(house, PEOPLE[:1], agrees=False)
    assert fit(house) == Fit("hb_ts", "shipped", 4, said="4 people taught enough; it takes 5.")
    assert [row["file"] for row in priors(house)] == [None]


def test_who_leaves_while_it_is_fitted_is_not_in_it(house: Database) -> None:
    teach(house, HB_TS, PEOPLE)
    answer(house, PEOPLE[:8], agrees=True)
    leaving = "SELECT ml.hear_pooling(ARRAY[$1::uuid], ARRAY[false], ARRAY['1'])"
    with open_transaction(house, "oo_api", leaving, PEOPLE[3]) as commit:
        child = started(house)
        until_asked(house, "SELECT pg_try_advisory_xact_lock%")
        commit()
        told, _ = ended(child)
    assert (told["people"], told["version"]) == (7, of_lists(house, STAYED))
    assert len(priors(house)) == 1


def test_a_kill_in_the_middle_leaves_what_was_there(house: Database) -> None:
    teach(house, HB_TS, PEOPLE)
    answer(house, PEOPLE[:8], agrees=True)
    fit(house)
    answer(house, PEOPLE[:1], agrees=False)
    before = (priors(house), house.run("oo_ml", "SELECT id FROM ml.pooling_leaves"))
    # What is in force is written last: the rest is done, and it waits for the lock.
    with open_transaction(house, "oo_owner", "LOCK ml.pooling_leaves IN SHARE MODE"):
        child = started(house)
        until_asked(house, "DELETE FROM ml.pooling_leaves%")
        os.kill(child.pid, signal.SIGKILL)
        child.communicate(timeout=10)
    assert (priors(house), house.run("oo_ml", "SELECT id FROM ml.pooling_leaves")) == before
    assert version_of(fit(house)) == of_lists(house, PEOPLE[1:8])


def test_what_cannot_be_leaves_the_old_one_and_says_why(house: Database) -> None:
    teach(house, HB_TS, PEOPLE[:6])
    answer(house, PEOPLE[:6], agrees=True)
    fit(house)
    before = priors(house)
    house.run(
        "oo_owner", "UPDATE ml.posteriors SET bytes = set_byte(bytes, 40, 1) WHERE person_id <> $1", PEOPLE[0]
    )
    with pytest.raises(Refused, match="What 5 people taught cannot be used until it is made anew"):
        fit(house)
    house.run("oo_owner", "REVOKE SELECT ON ml.posteriors FROM oo_ml")
    assert ended(started(house)) == ({}, "The prior could not be fitted (InsufficientPrivilegeError).")
    house.run("oo_owner", "GRANT SELECT ON ml.posteriors TO oo_ml")
    assert "lints learns of each person for themselves" in ended(started(house, "--policy", "lints"))[1]
    assert priors(house) == before


def poison(database: Database, person: UUID, times: float) -> None:
    """Sums that are stored as they should be and cannot be."""
    learning = Learning((HB_TS,), NAMES, PARTS)

    async def run() -> None:
        connection = await asyncpg.connect(database.url("oo_ml"), timeout=5)
        head = (await read_heads(connection, [person]))[person]
        row = (await read_posteriors(connection, [person], ["hb_ts"]))[person]["hb_ts"]
        sums = Sums.from_bytes(row.data)
        wild = Sums(sums.s, sums.c * times, sums.q, sums.n, sums.last_t)
        await write_posteriors(connection, packed(person, head, {"hb_ts": wild}, learning))
        await connection.close()

    wait_for(run())


@pytest.mark.parametrize(
    ("times", "why"),
    [(1e20, "is not positive definite."), (1e4, "rewards within ±1 do not give such weights.")],
)
def test_what_nobody_can_believe_is_not_put_in_force_and_who_left_is_not_kept_for_it(
    house: Database, times: float, why: str
) -> None:
    teach(house, HB_TS, PEOPLE)
    answer(house, PEOPLE[:8], agrees=True)
    fit(house)
    before = priors(house)
    poison(house, PEOPLE[1], times)
    with pytest.raises(Refused, match=why):
        fit(house)
    assert priors(house) == before
    answer(house, PEOPLE[:1], agrees=False)
    found = fit(house)
    assert found
    assert (found.outcome, found.said and found.said.endswith(why)) == ("shipped", True)
    assert [row["file"] for row in priors(house)] == [None]


def test_one_fit_at_a_time_and_none_where_somebody_has_just_made_it(house: Database) -> None:
    teach(house, HB_TS, PEOPLE[:6])
    answer(house, PEOPLE[:6], agrees=True)
    with open_transaction(house, "oo_ml", f"SELECT pg_advisory_lock({0x6F4F_7072})"):
        assert fit(house) is None
    version_of(fit(house, after=0))
    assert ended(started(house, "--after", "0")) == ({}, "")


def test_a_version_stays_as_long_as_decisions_may_name_it(house: Database) -> None:
    teach(house, HB_TS, PEOPLE[:6])
    answer(house, PEOPLE[:6], agrees=True)
    versions = [version_of(fit(house, now=DAY + at, keep_days=3.0)) for at in (1, 2, 6, 7)]
    assert [row["version"] for row in priors(house)] == versions[1:], (
        "the second was in force until the sixth day"
    )


def test_ml_can_neither_add_to_those_who_agreed_nor_take_from_them(house: Database) -> None:
    for sql in ("INSERT INTO ml.pooling VALUES ($1, '1')", "DELETE FROM ml.pooling WHERE person_id = $1"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            house.run("oo_ml", sql, PEOPLE[0])
    wait = house.run("oo_api", "SELECT ml.erase_person($1)", PEOPLE[0])
    assert wait[0]["erase_person"] == 0
    answer(house, PEOPLE[:1], agrees=True)
    assert house.run("oo_ml", "SELECT 1 FROM ml.pooling") == [], "who was erased does not come back"
