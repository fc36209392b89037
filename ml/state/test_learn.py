"""However terms arrive, a state is what learning each once, alone and in order gives: bit for bit."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import TypeVar
from uuid import UUID, uuid4

import pytest
from numpy.random import default_rng

from ml.features.feature import FeaturePart
from ml.policy.forgetful import Forgetful
from ml.policy.random import Random
from ml.state import Learning, Store, Term
from ml.state.learn import Learned
from ml.state.made_up import NAMES, PARTS, WIDTH, Told, alone, deliveries, life
from ml.state.recall import opened
from ml.throwaway_postgres import Database

FORGETFUL = Forgetful(WIDTH)
LEARNING = Learning((FORGETFUL, Random(d=WIDTH, prior=None, columns={})), NAMES, PARTS)
ALL_BOTH: tuple[FeaturePart, ...] = ("both",) * 99
R = TypeVar("R")


def using(database: Database, work: Callable[[Store], Awaitable[R]]) -> R:
    async def run() -> R:
        store = await Store.open(database.url("oo_ml"))
        try:
            return await work(store)
        finally:
            await store.close()

    return asyncio.run(run())


async def tell(store: Store, told: Sequence[Told], at_once: int = 32) -> list[Learned]:
    results = []
    for start in range(0, len(told), at_once):
        arrivals: dict[UUID, list[Term]] = {}
        for one in told[start : start + at_once]:
            arrivals.setdefault(one.person, []).append(one.term(LEARNING.layout))
        results.append(await store.learn(LEARNING, arrivals))
    return results


def bytes_of(database: Database, person: UUID) -> bytes:
    rows = database.run(
        "oo_ml", "SELECT bytes FROM ml.posteriors WHERE person_id = $1 AND policy = 'forgetful'", person
    )
    return bytes(rows[0]["bytes"]) if rows else b""


def refold(database: Database, person: UUID, freeze_before_t: float = 0.0) -> list[str]:
    made = using(database, lambda store: store.refold(person, LEARNING, freeze_before_t))
    assert made is not None
    return made.faults


@pytest.mark.parametrize("seed", range(6))
def test_duplicates_and_disorder_leave_no_trace(database: Database, seed: int) -> None:
    rng = default_rng(seed)
    people = [uuid4() for _ in range(3)]
    told = sorted((one for p in people for one in life(p, 40, rng)), key=lambda one: one.t_days)
    coming = deliveries(told, rng, window=[8, 30, 1_000][seed % 3])
    results = using(database, lambda store: tell(store, coming, at_once=int(rng.integers(1, 60))))
    assert sum(r.applied for r in results) == len(told)
    assert sum(r.duplicates for r in results) == len(coming) - len(told)
    for person in people:
        mine = [one for one in told if one.person == person]
        assert bytes_of(database, person) == alone(FORGETFUL, mine)
        assert refold(database, person) == []
        assert bytes_of(database, person) == alone(FORGETFUL, mine)


def test_several_consumers_of_the_same_people_are_as_good_as_one(database: Database) -> None:
    rng, people = default_rng(77), [uuid4() for _ in range(5)]
    told = [one for p in people for one in life(p, 30, rng)]

    async def together(store: Store) -> None:
        parts = [deliveries(told, default_rng(i), most_times=2) for i in range(4)]
        await asyncio.gather(*(tell(store, part, at_once=17) for part in parts))

    using(database, together)
    for person in people:
        assert bytes_of(database, person) == alone(FORGETFUL, [o for o in told if o.person == person])


def test_in_order_nothing_is_folded_anew(database: Database) -> None:
    person = uuid4()
    told = [one for one in life(person, 60, default_rng(2)) if one.replaces is None]
    results = using(database, lambda store: tell(store, told, at_once=1))
    assert [r.refolds for r in results] == [1] + [0] * (len(told) - 1), "only the first makes the head"
    assert bytes_of(database, person) == alone(FORGETFUL, told)


def test_an_undo_gives_the_bytes_of_before(database: Database) -> None:
    person, rng = uuid4(), default_rng(3)
    told = [one for one in life(person, 20, rng) if one.replaces is None]
    using(database, lambda store: tell(store, told))
    before = bytes_of(database, person)
    slip = replace(told[-1], event_id="slip", t_days=told[-1].t_days + 1, reward=1.0)
    undo = replace(slip, event_id="slip:undone", t_days=slip.t_days + 0.01, reward=None, replaces="slip")
    using(database, lambda store: tell(store, [slip]))
    assert bytes_of(database, person) != before
    using(database, lambda store: tell(store, [undo, slip]))
    assert bytes_of(database, person) == before


@pytest.mark.parametrize("cut", [5.0, 12.5, 30.0])
def test_what_went_into_snapshots_is_in_the_state_to_the_bit_and_stays(
    database: Database, cut: float
) -> None:
    person, rng = uuid4(), default_rng(5)
    told = life(person, 120, rng)
    early = [one for one in told if one.t_days < 20_015]
    late = [one for one in told if one.t_days >= 20_015]
    using(database, lambda store: tell(store, early))
    assert refold(database, person, 20_000 + min(cut, 14.9)) == []
    kept = database.run("oo_ml", "SELECT count(*) AS n FROM ml.terms WHERE person_id = $1", person)[0]["n"]
    assert kept < len(early)
    frozen = {one.event_id for one in early if one.t_days <= 20_000 + min(cut, 14.9)}
    late = [one for one in late if one.replaces not in frozen]
    using(database, lambda store: tell(store, deliveries(late, rng)))
    assert bytes_of(database, person) == alone(FORGETFUL, early + late)
    again = using(database, lambda store: tell(store, early))
    assert sum(r.applied for r in again) == 0, "what is in a snapshot is not learned a second time"
    assert bytes_of(database, person) == alone(FORGETFUL, early + late)


SNAPSHOT = "ml.snapshots SET bytes = bytes || '\\x00' WHERE policy = 'forgetful' AND person_id = $1"
DAMAGE = {
    "posterior bytes": ("UPDATE ml.posteriors SET bytes = '\\x00' WHERE person_id = $1", []),
    "posterior gone": ("DELETE FROM ml.posteriors WHERE person_id = $1", []),
    "snapshot bytes": (f"UPDATE {SNAPSHOT} AND copy = 1", ["snapshot_copied"]),
    "snapshot gone": ("DELETE FROM ml.snapshots WHERE copy = 2 AND person_id = $1", ["snapshot_copied"] * 2),
    "head gone": ("DELETE FROM ml.heads WHERE person_id = $1", ["terms_doubtful"]),
    "head lies": ("UPDATE ml.heads SET standing = 0 WHERE person_id = $1", ["terms_doubtful"]),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_noticed_and_mended_to_the_bit(database: Database, name: str) -> None:
    person, (sql, faults) = uuid4(), DAMAGE[name]
    told = life(person, 60, default_rng(8))
    using(database, lambda store: tell(store, told))
    refold(database, person, 20_010)
    everything = "SELECT ml.export_person($1)::text AS row"
    before = sorted(
        r["row"] for r in database.run("oo_api", everything, person) if "updatedAt" not in r["row"]
    )
    database.run("oo_ml", sql, person)
    assert refold(database, person) == faults
    assert bytes_of(database, person) == alone(FORGETFUL, told)
    if "head" not in name:
        rows = database.run("oo_api", everything, person)
        assert sorted(r["row"] for r in rows if "updatedAt" not in r["row"]) == before
    assert refold(database, person) == []


def test_someone_of_whom_only_snapshots_are_left_is_not_taken_for_new(database: Database) -> None:
    person = uuid4()
    told = life(person, 40, default_rng(11))
    using(database, lambda store: tell(store, told))
    refold(database, person, 30_000)
    for table in ("heads", "posteriors"):
        database.run("oo_ml", f"DELETE FROM ml.{table} WHERE person_id = $1", person)  # noqa: S608
    assert using(database, lambda store: store.recall(person, ["forgetful"])).taught
    assert refold(database, person) == ["terms_doubtful"]
    assert bytes_of(database, person) == alone(FORGETFUL, told)


@pytest.mark.parametrize(
    "damage",
    ["UPDATE ml.terms SET reward = 1.5", "UPDATE ml.terms SET x = substr(x, 9)", "DELETE FROM ml.terms"],
)
def test_a_lost_term_is_noticed_and_comes_again_from_the_log(database: Database, damage: str) -> None:
    person = uuid4()
    told = life(person, 40, default_rng(9))
    using(database, lambda store: tell(store, told))
    database.run("oo_ml", f"{damage} WHERE person_id = $1 AND event_id LIKE '%3'", person)
    assert refold(database, person) == ["terms_doubtful"]
    assert bytes_of(database, person) != alone(FORGETFUL, told)
    using(database, lambda store: tell(store, told))
    assert bytes_of(database, person) == alone(FORGETFUL, told)


def test_a_posterior_of_other_terms_is_not_taken(database: Database) -> None:
    person = uuid4()
    told = life(person, 10, default_rng(10))
    using(database, lambda store: tell(store, told[:9]))
    old = database.run(
        "oo_ml", "SELECT policy, bytes, checksum FROM ml.posteriors WHERE person_id = $1", person
    )
    using(database, lambda store: tell(store, told[9:]))
    for row in old:
        database.run(
            "oo_ml",
            "UPDATE ml.posteriors SET bytes = $3, checksum = $4 WHERE person_id = $1 AND policy = $2",
            person,
            *row,
        )
    more = replace(told[9], event_id="more", t_days=told[9].t_days + 1, reward=1.0, replaces=None)
    results = using(database, lambda store: tell(store, [more]))
    assert results[0].refolds == 1
    assert bytes_of(database, person) == alone(FORGETFUL, [*told, more])


def test_new_columns_are_filled_from_old_terms_by_name(database: Database) -> None:
    person = uuid4()
    told = [replace(one, part="all") for one in life(person, 30, default_rng(11))]
    using(database, lambda store: tell(store, told))
    wider = Forgetful(WIDTH + 1)
    learning = Learning((wider,), ("new", *reversed(NAMES)))
    using(database, lambda store: store.refold(person, learning))
    as_wide = [replace(one, x=(0.0, *reversed(one.x))) for one in told]
    assert bytes_of(database, person) == alone(wider, as_wide, ALL_BOTH[: WIDTH + 1])


def test_appended_columns_take_over_with_the_next_reward(database: Database) -> None:
    """Nobody has to ask: a state in the columns of before is not used, and nothing that is kept is lost."""
    person, wider = uuid4(), Forgetful(WIDTH + 22)
    told = [replace(one, part="all") for one in life(person, 30, default_rng(14))]
    using(database, lambda store: tell(store, told[:-1]))
    learning = Learning((wider,), (*NAMES, *(f"appended{i}" for i in range(22))))

    async def go_on(store: Store) -> Learned:
        known = await store.recall(person, ["forgetful"])
        row, version = known.rows["forgetful"], learning.version(wider)
        assert opened(wider, person, row, known.made_of, version)[1] == "unusable"
        last = replace(told[-1], x=(*told[-1].x, *[0.5] * 22)).term(learning.layout)
        return await store.learn(learning, {person: [last]})

    assert using(database, go_on).refolds == 1
    as_wide = [replace(one, x=(*one.x, *[0.0] * 22)) for one in told[:-1]]
    as_wide.append(replace(told[-1], x=(*told[-1].x, *[0.5] * 22)))
    assert bytes_of(database, person) == alone(wider, as_wide, ALL_BOTH[: WIDTH + 22])


def test_all_is_rebuilt_from_the_events_when_all_is_lost(database: Database) -> None:
    person = uuid4()
    told = life(person, 50, default_rng(12))
    using(database, lambda store: tell(store, told))
    before = bytes_of(database, person)
    for table in ("posteriors", "terms", "heads", "snapshots", "layouts"):
        database.run("oo_owner", f"TRUNCATE ml.{table}")
    using(database, lambda store: tell(store, deliveries(told, default_rng(13))))
    assert bytes_of(database, person) == before
