"""/reward, /reset, /erase, /stats: an event counts once, undo is exact, the forgotten stays forgotten."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from time import time
from typing import Any, cast
from uuid import uuid4

import numpy as np
import pytest
from starlette.testclient import TestClient

from ml.features import COLUMNS, NAMES
from ml.policy.count_state import CountState
from ml.serving.conftest import Open
from ml.serving.recent import FOR_S, MOST, Kept, Recent
from ml.serving.test_score import request
from ml.state import DAY_S
from ml.throwaway_postgres import Database

NOTHING, EVERYTHING = [0.0] * len(NAMES), [1.0] * len(NAMES)


def event(person: str, name: str | None = None, **changes: Any) -> dict[str, Any]:
    base = {
        "eventId": name or str(uuid4()),
        "decisionId": "d1",
        "personId": person,
        "reward": 1.0,
        "part": "all",
        "features": {
            "ids": ["a", "b"],
            "names": list(NAMES),
            "values": [[0.0] * len(NAMES), [1.0] * len(NAMES)],
        },
        "chosen": "b",
        "probabilities": [0.5, 0.5],
        "at": "2026-03-10T09:00:00Z",
    }
    return base | changes


def learn(client: TestClient, *events: dict[str, Any]) -> tuple[int, int, int]:
    answer = client.post("/reward", json={"events": list(events)})
    assert answer.status_code == 200, answer.text
    body = answer.json()
    return body["applied"], body["duplicates"], body["ignored"]


def stats(client: TestClient, person: str) -> dict[str, Any]:
    return cast(dict[str, Any], client.get("/stats", params={"personId": person}).json())


def learned(database: Database, person: str) -> dict[str, int]:
    """Rewards in each policy's state, read from its row."""
    sql = "SELECT policy, bytes FROM ml.posteriors WHERE person_id = $1 AND policy <> 'moments'"
    rows = database.run("oo_ml", sql, person)
    return {row["policy"]: CountState.from_bytes(row["bytes"]).rewards for row in rows}


def test_incumbent_and_shadows_learn_from_a_reward(
    learning: TestClient, database: Database, person: str
) -> None:
    assert learn(learning, event(person), event(person)) == (2, 0, 0)
    assert learned(database, person) == {"urgency": 2, "random": 2}
    told = stats(learning, person)
    assert (told["policy"], told["shadows"], told["eventsLearned"]) == ("urgency", ["random"], 2)
    assert [(p["policy"], p["usable"]) for p in told["posteriors"]] == [
        ("urgency", True),
        ("random", True),
        ("moments", True),
    ]


def test_what_score_answered_can_be_sent_back_as_it_is(
    learning: TestClient, database: Database, person: str
) -> None:
    answer = learning.post("/score", json=request(personId=person)).json()
    echo = {key: answer[key] for key in ("features", "chosen", "probabilities")}
    assert learn(learning, event(person, **echo)) == (1, 0, 0)
    assert learned(database, person)["urgency"] == 1


def test_an_event_counts_once_however_often_and_at_once_it_comes(
    learning: TestClient, database: Database, person: str
) -> None:
    events = [event(person, f"e{i}-{person[:8]}") for i in range(5)]
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda i: learn(learning, *events[i % 5 :], *events), range(16)))
    assert sum(applied for applied, _, _ in results) == 5
    assert learned(database, person) == {"urgency": 5, "random": 5}


def test_a_correction_replaces_and_an_undo_leaves_no_trace(
    learning: TestClient, database: Database, person: str
) -> None:
    first, better, undo = event(person), event(person, reward=0.5), event(person, reward=None)
    learn(learning, event(person))
    before = learned(database, person)
    learn(learning, first)
    learn(learning, better | {"replaces": first["eventId"]})
    assert learned(database, person) == {"urgency": 2, "random": 2}
    learn(learning, undo | {"replaces": better["eventId"]})
    assert learned(database, person) == before
    assert stats(learning, person)["eventsLearned"] == 1


def test_a_correction_that_overtakes_its_original_wins(
    learning: TestClient, database: Database, person: str
) -> None:
    first = event(person)
    undo = event(person, reward=None, replaces=first["eventId"])
    assert learn(learning, undo) == (1, 0, 0)
    assert learn(learning, first) == (1, 0, 0)
    assert learned(database, person)["urgency"] == 0
    assert learn(learning, first, undo) == (0, 2, 0)


def test_what_is_only_about_a_part_is_learned_and_a_silence_is_not(
    learning: TestClient, database: Database, person: str
) -> None:
    learn(learning, event(person, part="timing"), event(person, chosen=None), event(person, part="choice"))
    assert learned(database, person)["urgency"] == 2


def test_features_are_read_by_name_whatever_their_order(
    learning: TestClient, database: Database, person: str
) -> None:
    block = {"ids": ["a"], "names": ["priority", "gone"], "values": [[0.25, 9.0]]}
    learn(learning, event(person, features=block, chosen="a"))
    row = database.run("oo_ml", "SELECT x FROM ml.terms WHERE person_id = $1", person)[0]["x"]
    assert np.frombuffer(row)[COLUMNS["priority"]] == 0.25
    assert np.frombuffer(row).sum() == 0.25


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"chosen": "z"}, "chosen is not among features.ids"),
        ({"features": {"ids": ["a"], "names": ["x"], "values": []}, "chosen": "a"}, "a row per id"),
        ({"features": {"ids": ["a"], "names": ["x"], "values": [[1, 2]]}, "chosen": "a"}, "a row per id"),
        ({"reward": 11}, "less than or equal to 10"),
        ({"mood": 1}, "not permitted"),
    ],
)
def test_a_bad_event_refuses_the_whole_request_and_changes_nothing(
    learning: TestClient, database: Database, person: str, changes: dict[str, Any], says: str
) -> None:
    answer = learning.post("/reward", json={"events": [event(person), event(person, **changes)]})
    assert answer.status_code == 422
    assert says in answer.json()["detail"]
    assert learned(database, person) == {}


def test_another_persons_event_id_is_out_of_reach(
    learning: TestClient, database: Database, person: str
) -> None:
    other, mine = str(uuid4()), event(person)
    learn(learning, mine)
    learn(learning, event(other, reward=None, replaces=mine["eventId"]))
    assert learned(database, person)["urgency"] == 1
    rows = database.run("oo_ml", "SELECT person_id FROM ml.terms WHERE event_id = $1", mine["eventId"])
    assert [str(r["person_id"]) for r in rows] == [person]


def test_reset_goes_back_to_the_prior_and_does_not_relearn(
    learning: TestClient, database: Database, person: str
) -> None:
    old = event(person)
    learn(learning, old)
    assert learning.post("/reset", json={"personId": person}).json() == {"reset": 3}
    assert learned(database, person) == {}
    assert learn(learning, old) == (0, 1, 0)
    learn(learning, event(person, reward=0.5, replaces=old["eventId"]))
    assert learned(database, person)["urgency"] == 1


def test_erase_is_whole_repeatable_and_lasting(learning: TestClient, database: Database, person: str) -> None:
    learn(learning, event(person), event(person))
    assert learning.post("/erase", json={"personId": person}).json() == {"erased": 6}
    assert learning.post("/erase", json={"personId": person}).json() == {"erased": 0}
    assert learn(learning, event(person)) == (0, 0, 1)
    assert learned(database, person) == {}
    assert database.run("oo_api", "SELECT ml.export_person($1)", person) == []


@pytest.mark.parametrize("url", [None, "postgresql://oo_ml@/none?host=/nonexistent"])
def test_without_a_database_learning_is_refused_with_a_retry_and_nothing_is_lost(
    open_app: Open, url: str | None, person: str
) -> None:
    client = open_app(url)
    answers = [
        client.post("/reward", json={"events": [event(person)]}),
        client.post("/reset", json={"personId": person}),
        client.post("/erase", json={"personId": person}),
        client.get("/stats", params={"personId": person}),
    ]
    assert [(a.status_code, a.headers["retry-after"]) for a in answers] == [(503, "1")] * 4
    assert all("try again" in a.json()["detail"] for a in answers)


def test_what_was_earned_in_the_future_counts_as_earned_now(
    learning: TestClient, database: Database, person: str
) -> None:
    now = time()
    ahead = {"soon": 30.0, "far": 40 * DAY_S, "farther": 1_000 * DAY_S}
    for name, by in ahead.items():
        at = datetime.fromtimestamp(now + by, UTC).isoformat()
        assert learn(learning, event(person, f"{person}.{name}", at=at)) == (1, 0, 0)
    rows = database.run("oo_ml", "SELECT event_id, t_days FROM ml.terms WHERE person_id = $1", person)
    earned = {row["event_id"].split(".")[-1]: row["t_days"] * DAY_S - now for row in rows}
    assert abs(earned["soon"] - 30.0) < 0.01, "clocks differ a little"
    assert all(-1.0 < earned[name] < 20.0 for name in ("far", "farther"))


def test_stats_asks_for_a_person(learning: TestClient) -> None:
    for params in ({}, {"personId": "ada"}):
        answer = learning.get("/stats", params=params)
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
        assert answer.json()["detail"].startswith("personId: ")


def test_stats_say_what_the_posterior_believes(open_app: Open, database: Database, person: str) -> None:
    client = open_app(database.url("oo_ml"), policy="hb_ts")
    new = stats(client, person)["belief"]
    assert (new["priorVersion"], new["weight"]) == ("second-1", 0.0)
    assert [column["name"] for column in new["features"]] == list(NAMES)
    assert all(c["mean"] == pytest.approx(c["priorMean"]) for c in new["features"])
    assert all(c["sd"] == pytest.approx(c["priorSd"]) for c in new["features"])
    learn(client, *(event(person, at=datetime.now(UTC).isoformat()) for _ in range(3)))
    lived = stats(client, person)["belief"]
    assert lived["weight"] == pytest.approx(3, abs=0.01)
    assert any(abs(c["mean"] - c["priorMean"]) > 0.01 for c in lived["features"])
    assert all(0 < c["sd"] < c["priorSd"] for c in lived["features"])


def test_a_policy_without_beliefs_tells_none(learning: TestClient, person: str) -> None:
    assert "belief" not in stats(learning, person)


def test_the_features_of_a_decision_can_be_looked_into_until_it_is_erased(
    open_app: Open, database: Database, person: str
) -> None:
    client = open_app(database.url("oo_ml"), policy="hb_ts")
    answer = client.post("/score", json=request("d77", personId=person)).json()
    found = client.get("/features", params={"decisionId": "d77"}).json()
    assert {name: found[name] for name in ("policy", "version", "chosen", "features", "contributions")} == {
        name: answer[name] for name in ("policy", "version", "chosen", "features", "contributions")
    }
    assert client.get("/features", params={"decisionId": "never-made"}).status_code == 404
    database.run("oo_api", "SELECT ml.erase_person($1)", person)
    gone = client.get("/features", params={"decisionId": "d77"})
    assert (gone.status_code, "decision log" in gone.json()["detail"]) == (404, True)


def test_the_last_decisions_are_bounded_in_number_and_time() -> None:
    times = [0.0]
    recent, x = Recent(lambda: times[0]), np.zeros((1, 1))
    for at in range(MOST + 1):
        recent.keep(f"d{at}", Kept(uuid4(), "random", "1", "a", ["a"], ["f"], x, x))
    assert (recent.of("d0"), recent.of("d1") is None) == (None, False)
    times[0] = FOR_S + 1
    assert recent.of(f"d{MOST}") is None
