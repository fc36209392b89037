"""A push is sent as the rule of timing says, a page is seldom silent, and each opportunity counts once."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar
from uuid import UUID, uuid4

import numpy as np
import pytest

from ml.features import COLUMNS, WIDTH
from ml.policy import Prior, make
from ml.policy.moment import Moments, sense
from ml.policy.timing import MOST, Seen, later, send_probability, threshold, usable
from ml.serving.conftest import Open
from ml.serving.metrics import Metrics
from ml.serving.noting import Noting
from ml.serving.policies import Policies
from ml.serving.test_score import ask, task, timeless
from ml.state import Opportunity, Store
from ml.state import store as store_module
from ml.throwaway_postgres import Database
from ml.until import wait_until

PUSH = {"trigger": "push", "timing": {"sendsLeft": 2, "opportunitiesLeft": 20}}


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine the first connection takes longer than a decision may wait."""
    monkeypatch.setattr(store_module, "READ_TIMEOUT_S", 5.0)


def expecting(reward: float) -> Policies:
    """Everybody expects the same of every tip, and no hour is better than another."""
    mean = np.zeros(WIDTH)
    mean[COLUMNS["intercept"]] = reward
    prior = Prior(mean, np.eye(WIDTH) * 1e-9, 0.25, f"always-{reward}")
    return Policies(make("hb_ts", WIDTH, prior, COLUMNS), (), moments=Moments(sense()))


def seen(database: Database, person: str) -> Seen:
    rows = database.run("oo_ml", "SELECT seen FROM ml.timing WHERE person_id = $1", person)
    return Seen.from_bytes(rows[0]["seen"]) if rows else Seen()


R = TypeVar("R")


def using(database: Database, work: Callable[[Store], Coroutine[Any, Any, R]]) -> R:
    async def run() -> R:
        store = await Store.open(database.url("oo_ml"))
        try:
            return await work(store)
        finally:
            await store.close()

    return asyncio.run(run())


def live(database: Database, person: str, scores: list[float]) -> None:
    """So many opportunities before today."""
    some = [Opportunity(UUID(person), f"{person[-6:]}.{at}", score) for at, score in enumerate(scores)]
    using(database, lambda store: store.note(some))


def test_the_chance_of_a_push_is_the_rule_on_what_this_person_has_seen(
    open_app: Open, database: Database
) -> None:
    person, scores = str(uuid4()), np.random.default_rng(1).normal(0.3, 0.05, 60).tolist()
    live(database, person, scores)
    chances = []
    for best in (0.05, 0.3, 0.478, 0.7):
        known, client = seen(database, person), open_app(database.url("oo_ml"), policies=expecting(best))
        answer = ask(client, personId=person, decision=f"d{best}", **PUSH)
        to_come = later(known, best, np.zeros(20))
        above = threshold(to_come, 2, usable(2, 20, 30.0), 0.1)
        ruled = send_probability(best, above, to_come.deviation, 0.1)
        assert answer["sendProbability"] == pytest.approx(ruled, abs=1e-6)
        assert sum(answer["probabilities"]) == pytest.approx(1)
        chances.append(answer["sendProbability"])
        wait_until(partial(has_seen, database, person, known.n + 1), "it is noted", 10)
    assert chances[0] == 0.0
    assert 0.0 < chances[2] < MOST
    assert chances[-1] == MOST


def has_seen(database: Database, person: str, n: float) -> bool:
    return seen(database, person).n == n


def test_pushes_are_sent_as_often_as_the_logged_chance_says(open_app: Open) -> None:
    """Without expectations the budget is spread over the day by chance."""
    client = open_app(policy="random", shadows=())
    n, timing = 900, {"sendsLeft": 3, "opportunitiesLeft": 10}
    answers = [ask(client, decision=f"d{i}", trigger="push", timing=timing) for i in range(n)]
    assert {answer["sendProbability"] for answer in answers} == {0.3}
    sent = sum(answer["chosen"] is not None for answer in answers)
    assert abs(sent - 0.3 * n) < 3.9 * (n * 0.3 * 0.7) ** 0.5
    assert {a["silence"] for a in answers if a["chosen"] is None} == {"not_worth_an_interruption"}


def test_hard_rules_are_certain_and_leave_no_trace(open_app: Open, database: Database) -> None:
    client, person = open_app(database.url("oo_ml"), policies=expecting(0.9)), str(uuid4())
    spent = ask(client, personId=person, trigger="push", timing={"sendsLeft": 0, "opportunitiesLeft": 9})
    assert (spent["sendProbability"], spent["chosen"], spent["silence"]) == (0.0, None, "budget_spent")
    assert sum(spent["probabilities"]) == pytest.approx(1)
    nothing = ask(client, personId=person, decision="d2", candidates=[], **PUSH)
    assert (nothing["sendProbability"], nothing["silence"]) == (0.0, "nothing_eligible")
    ask(client, personId=person, decision="d3", **PUSH)
    wait_until(lambda: seen(database, person).n > 0, "it is noted", 10)
    assert seen(database, person).n == 1


def test_an_opportunity_counts_once_however_often_it_is_asked(open_app: Open, database: Database) -> None:
    client, person = open_app(database.url("oo_ml"), policies=expecting(0.478)), str(uuid4())
    live(database, person, np.random.default_rng(1).normal(0.3, 0.05, 60).tolist())
    first = ask(client, personId=person, **PUSH)
    wait_until(lambda: has_seen(database, person, 61), "it is noted", 10)
    assert timeless(ask(client, personId=person, **PUSH)) == timeless(first), "held against what it was then"
    told = Opportunity(UUID(person), "d1", 0.9)

    async def at_once(store: Store) -> None:
        await asyncio.gather(*(store.note([told, told]) for _ in range(6)))

    using(database, at_once)
    once = seen(database, person)
    second = ask(client, personId=person, decision="d2", **PUSH)
    assert 0.0 < second["sendProbability"] != first["sendProbability"]
    wait_until(lambda: has_seen(database, person, 62), "it is noted", 10)
    using(database, at_once)
    assert seen(database, person).mean == pytest.approx(once.with_one(0.478).mean)


def test_opens_are_no_opportunities_for_a_push(open_app: Open, database: Database) -> None:
    client, person = open_app(database.url("oo_ml"), policies=expecting(0.2)), str(uuid4())
    answer = ask(client, personId=person)
    assert "sendProbability" not in answer
    ask(client, personId=person, decision="d2", **PUSH)
    wait_until(lambda: seen(database, person).n > 0, "it is noted", 10)
    assert seen(database, person).n == 1


@pytest.mark.parametrize(("reward", "silence"), [(-0.01, "nothing_worth_it"), (0.01, None)])
def test_a_page_is_silent_only_where_better_nothing_than_the_best(
    open_app: Open, reward: float, silence: str | None
) -> None:
    answer = ask(open_app(policies=expecting(reward)))
    assert (answer.get("silence"), answer["chosen"] is None) == (silence, silence is not None)
    assert "sendProbability" not in answer


def test_scores_that_are_no_expectations_silence_nobody(open_app: Open) -> None:
    shown = [task("a", timesShown=9, lastShownAt="2026-03-10T08:00:00+01:00")]
    answer = ask(open_app(policy="urgency", shadows=()), candidates=shown)
    assert answer["scores"][0] < 0
    assert answer["chosen"] == "a"


def test_someone_new_is_shown_something(open_app: Open) -> None:
    answer = ask(open_app(policy="hb_ts"))
    assert (answer["version"], answer["chosen"] is not None) == ("1+second-1", True)


@pytest.mark.parametrize("column", ["seen", "before", "recent"])
def test_damaged_timing_begins_anew(database: Database, column: str) -> None:
    person = str(uuid4())
    live(database, person, [0.5] * 9)
    sql = "UPDATE ml.timing SET @ = set_byte(@, 6, 1) WHERE person_id = $1"
    database.run("oo_ml", sql.replace("@", column), person)
    recalled = using(database, lambda store: store.recall(UUID(person), ["hb_ts"]))
    assert recalled.opportunities.seen.n == 0
    live(database, person, [0.1])
    assert seen(database, person) == Seen().with_one(0.1)


def test_whoever_is_reset_or_erased_has_no_timing(open_app: Open, database: Database) -> None:
    client = open_app(database.url("oo_ml"), policies=expecting(0.2))
    for path, left in (("/reset", 1), ("/erase", 0)):
        person = str(uuid4())
        live(database, person, [0.5] * 9)
        assert client.post(path, json={"personId": person}).status_code == 200
        assert seen(database, person).n == 0
        live(database, person, [0.5])
        assert seen(database, person).n == left


def test_what_could_not_be_noted_is_noted_when_the_database_is_back(database: Database) -> None:
    person, metrics = uuid4(), Metrics()

    async def away_and_back(store: Store) -> None:
        noting = Noting(store, metrics)
        noting.want(Opportunity(person, "d1", 0.5))
        database_is("ALTER TABLE ml.timing RENAME TO elsewhere")
        await noting.stop()
        assert noting.waiting == 1
        database_is("ALTER TABLE ml.elsewhere RENAME TO timing")
        noting.want(Opportunity(person, "d2", 0.1))
        await noting.stop()
        assert noting.waiting == 0

    def database_is(sql: str) -> None:
        with ThreadPoolExecutor(1) as pool:
            pool.submit(database.run, "oo_owner", sql).result(timeout=10)

    using(database, away_and_back)
    assert seen(database, str(person)).n == 2
