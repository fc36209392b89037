"""What a moment adds to a push is learned from pushes alone, each once, and is told with each."""

from typing import Any
from uuid import UUID, uuid4

import numpy as np
import pytest
from starlette.testclient import TestClient

from ml.features import NAMES, WIDTH
from ml.policy.moment import COLUMNS, Moments, moment
from ml.policy.sums import Sums
from ml.policy.timing import Seen
from ml.serving.conftest import Open
from ml.serving.test_interruption import expecting, live, patient, seen, using
from ml.serving.test_learning import event, learn, stats
from ml.serving.test_score import ask, timeless
from ml.state import Learning
from ml.throwaway_postgres import Database

__all__ = ["patient"]
TIMING = {"sendsLeft": 2, "opportunitiesLeft": 12}
AT_NINE, AT_THREE = "2026-03-10T09:00:00+01:00", "2026-03-10T15:00:00+01:00"


def push(client: TestClient, person: str, decision: str, **changes: Any) -> dict[str, Any]:
    return ask(client, personId=person, decision=decision, trigger="push", **{"timing": TIMING, **changes})


def reward(answer: dict[str, Any], person: str, value: float | None, **changes: Any) -> dict[str, Any]:
    """As the api tells it: with the row that was logged."""
    ids, at = answer["features"]["ids"], answer["features"]["ids"].index("late")
    block = {**answer["features"], "ids": ["late"], "values": [answer["features"]["values"][at]]}
    assert ids
    given = {"reward": value, "features": block, "chosen": "late", "probabilities": [0.5]}
    return event(person, **given | changes)


def believed(database: Database, person: str) -> bytes:
    sql = "SELECT bytes FROM ml.posteriors WHERE person_id = $1 AND policy = 'moments'"
    rows = database.run("oo_ml", sql, person)
    return bytes(rows[0]["bytes"]) if rows else b""


def sums(database: Database, person: str) -> Sums:
    return Sums.from_bytes(believed(database, person))


def test_a_push_tells_what_its_moment_adds_and_a_page_does_not(open_app: Open) -> None:
    client = open_app(policies=expecting(0.3))
    answer, page = push(client, str(uuid4()), "d1", dosage=2.0), ask(client, decision="d1")
    assert page["features"]["names"] == list(NAMES)
    assert answer["features"]["names"] == [*NAMES, *COLUMNS]
    values, contributions = np.array(answer["features"]["values"]), np.array(answer["contributions"])
    assert values[:, WIDTH] == pytest.approx(page["scores"]), "the score it is sent with is a column"
    assert values[1, WIDTH + 1 :] == pytest.approx(moment(9.0, False, False, 2.0))
    assert contributions.shape == values.shape
    assert contributions.sum(axis=1) == pytest.approx(answer["scores"])
    assert answer["probabilities"] == page["probabilities"], "the moment chooses nothing"
    kept = client.get("/features", params={"decisionId": "d1"}).json()
    assert kept["features"]["names"] == list(NAMES), "the last one asked for"


def test_hours_at_which_pushes_were_welcome_are_preferred(
    open_app: Open, database: Database, person: str
) -> None:
    client = open_app(database.url("oo_ml"), policies=expecting(0.3))
    live(database, person, np.random.default_rng(1).normal(0.3, 0.05, 60).tolist())
    before = [push(client, person, f"b{now[11:13]}", now=now)["scores"][0] for now in (AT_NINE, AT_THREE)]
    for day in range(1, 9):
        for hour, value in (("09", 1.0), ("15", -1.0)):
            at = f"2026-03-{day:02}T{hour}:00:00+01:00"
            answer = push(client, person, f"d{day}.{hour}", now=at)
            assert learn(client, reward(answer, person, value, at=at)) == (1, 0, 0)
    nine, three = (push(client, person, f"a{now[11:13]}", now=now) for now in (AT_NINE, AT_THREE))
    assert nine["scores"][0] > before[0] + 0.1
    assert three["scores"][0] < before[1] - 0.1
    assert nine["sendProbability"] > three["sendProbability"] == 0.0


def test_each_push_teaches_once_a_correction_replaces_and_an_undo_leaves_no_trace(
    open_app: Open, database: Database, person: str
) -> None:
    client = open_app(database.url("oo_ml"), policies=expecting(0.3))
    answer = push(client, person, "d1")
    learn(client, reward(answer, person, 0.5, eventId=f"{person}-1"))
    before = believed(database, person)
    slip = reward(answer, person, -1.0, eventId=f"{person}-2")
    assert learn(client, slip, slip) == (1, 1, 0)
    assert learn(client, slip) == (0, 1, 0)
    assert believed(database, person) != before
    undo = reward(answer, person, None, eventId=f"{person}-3", replaces=f"{person}-2")
    learn(client, undo)
    assert believed(database, person) == before


def test_pages_teach_nothing_of_moments(open_app: Open, database: Database, person: str) -> None:
    client = open_app(database.url("oo_ml"), policies=expecting(0.3))
    assert learn(client, reward(ask(client, personId=person), person, 1.0)) == (1, 0, 0)
    assert believed(database, person) == Moments().fresh().to_bytes()


@pytest.mark.parametrize(
    ("part", "moves"), [("all", set(COLUMNS)), ("timing", set(COLUMNS[1:])), ("choice", {"push_score"})]
)
def test_wrong_time_teaches_the_moment_and_wrong_thing_the_score(
    open_app: Open, database: Database, person: str, part: str, moves: set[str]
) -> None:
    client = open_app(database.url("oo_ml"), policies=expecting(0.3))
    busy = {"now": "2026-03-14T10:10:00+01:00", "dosage": 3.0, "context": {"busy": True}}
    learn(client, reward(push(client, person, "d1", **busy), person, -1.0, part=part))
    told = sums(database, person).c
    assert {name for name, moved in zip(COLUMNS, told.tolist(), strict=True) if moved} == moves


def test_what_was_lost_is_made_anew_from_the_log_to_the_bit(
    open_app: Open, database: Database, person: str
) -> None:
    policies = expecting(0.3)
    client, rng = open_app(database.url("oo_ml"), policies=policies), np.random.default_rng(4)
    told = []
    for day in range(1, 13):
        at = f"2026-03-{day:02}T{rng.integers(8, 22):02}:00:00+01:00"
        asked = push(client, person, f"d{day}", now=at) if day % 3 else ask(client, personId=person)
        told.append(reward(asked, person, float(rng.choice([1.0, 0.5, -1.0])), at=at))
    learn(client, *told)
    once = believed(database, person)
    database.run("oo_ml", "DELETE FROM ml.posteriors WHERE person_id = $1", person)

    async def anew(store: Any) -> None:
        learning: Learning = policies.learning
        assert (await store.refold(UUID(person), learning)).faults == []

    using(database, anew)
    assert believed(database, person) == once
    for table in ("posteriors", "terms", "heads"):
        database.run("oo_ml", "DELETE FROM ml.@ WHERE person_id = $1".replace("@", table), person)
    for at in rng.permutation(len(told)):
        learn(client, told[at])
    assert believed(database, person) == once


def test_whoever_is_erased_or_reset_leaves_nothing_of_moments(
    open_app: Open, database: Database, person: str
) -> None:
    client = open_app(database.url("oo_ml"), policies=expecting(0.3))
    answer = push(client, person, "d1")
    learn(client, reward(answer, person, 1.0))
    assert ("moments", True) in [(p["policy"], p["usable"]) for p in stats(client, person)["posteriors"]]
    client.post("/reset", json={"personId": person})
    assert believed(database, person) in (b"", Moments().fresh().to_bytes())
    learn(client, reward(answer, person, 1.0))
    client.post("/erase", json={"personId": person})
    assert believed(database, person) == b""
    assert seen(database, person) == Seen()
    assert learn(client, reward(answer, person, 1.0)) == (0, 0, 1)


def test_the_same_push_asked_again_is_the_same_answer(
    open_app: Open, database: Database, person: str
) -> None:
    client = open_app(database.url("oo_ml"), policies=expecting(0.3))
    live(database, person, [0.1, 0.2, 0.4] * 9)
    learn(client, reward(push(client, person, "d0"), person, 1.0))
    assert timeless(push(client, person, "d1")) == timeless(push(client, person, "d1"))


def test_pushes_are_sent_as_often_as_logged_and_their_tips_as_drawn(
    open_app: Open,
) -> None:
    """Chi-square over fixed decisions: those sent against their chances, and the tips of those sent."""
    client = open_app(policy="hb_ts", shadows=())
    answers = [
        push(client, str(uuid4()), f"d{i}", timing={"sendsLeft": 1 + i % 3, "opportunitiesLeft": 3})
        for i in range(600)
    ]
    chances = np.array([answer["sendProbability"] for answer in answers])
    sent = np.array([answer["chosen"] is not None for answer in answers])
    assert ((chances > 0) & (chances < 1)).sum() > 100
    assert not sent[chances == 0].any()
    spread = np.sqrt((chances * (1 - chances)).sum())
    assert abs(sent.sum() - chances.sum()) < 3.3 * spread
    shares = np.array([answer["probabilities"] for answer in answers])[sent]
    ids = answers[0]["features"]["ids"]
    chosen = np.array([ids.index(answer["chosen"]) for answer in answers if answer["chosen"]])
    counted, expected = np.bincount(chosen, minlength=len(ids)), shares.sum(axis=0)
    assert ((counted - expected) ** 2 / expected).sum() < 13.8, "p = .001 at two degrees of freedom"


def test_without_its_posterior_a_push_is_worth_its_score(
    open_app: Open, database: Database, person: str
) -> None:
    client = open_app(database.url("oo_ml"), policies=expecting(0.3))
    learn(client, reward(push(client, person, "d0"), person, -1.0))
    assert push(client, person, "d1")["scores"][0] < 0.29
    sql = (
        "UPDATE ml.posteriors SET bytes = set_byte(bytes, 40, 9) WHERE person_id = $1 AND policy = 'moments'"
    )
    database.run("oo_ml", sql, person)
    assert push(client, person, "d2")["scores"][0] == pytest.approx(0.3, abs=0.01)
