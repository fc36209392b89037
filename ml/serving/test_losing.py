"""What was learned and is damaged or gone is made anew, or asked for where only the log still has it."""

from typing import Any, cast
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from ml.serving.conftest import Open
from ml.serving.test_learning import event, learn, learned, stats
from ml.serving.test_score import request
from ml.throwaway_postgres import Database
from ml.until import wait_until


def told(client: TestClient, *events: dict[str, Any], **more: Any) -> dict[str, Any]:
    answer = client.post("/reward", json={"events": list(events), **more})
    assert answer.status_code == 200, answer.text
    return cast(dict[str, Any], answer.json())


def lose(database: Database, person: str, event_id: str) -> None:
    """A term, and what was made of it, so that the next one finds that it is gone."""
    database.run("oo_ml", "DELETE FROM ml.terms WHERE person_id = $1 AND event_id = $2", person, event_id)
    database.run("oo_ml", "DELETE FROM ml.posteriors WHERE person_id = $1", person)


@pytest.mark.parametrize(
    "damage",
    ["bytes = '\\x00'", "checksum = decode(repeat('00', 16), 'hex')", "version = '0'"],
)
def test_a_damaged_state_is_noticed_and_never_stops_an_answer(
    learning: TestClient, database: Database, person: str, damage: str
) -> None:
    learn(learning, event(person))
    database.run("oo_ml", f"UPDATE ml.posteriors SET {damage} WHERE person_id = $1", person)  # noqa: S608

    def noticed() -> bool:
        """A read that was late for its decision saw nothing: the next one does."""
        assert learning.post("/score", json=request(personId=person)).status_code == 200
        return 'outcome="unusable",policy="urgency"' in learning.get("/metrics").text

    wait_until(noticed, "it is noticed", 5)
    wait_until(lambda: all(p["usable"] for p in stats(learning, person)["posteriors"]), "it is whole", 5)
    assert learned(database, person) == {"urgency": 1, "random": 1}


def test_a_state_that_is_gone_is_not_taken_for_a_new_person(
    learning: TestClient, database: Database, person: str
) -> None:
    learn(learning, event(person))
    database.run("oo_ml", "DELETE FROM ml.posteriors WHERE person_id = $1 AND policy = 'random'", person)
    assert stats(learning, person)["missing"] == ["random"]
    learning.post("/score", json=request(personId=person))
    wait_until(lambda: stats(learning, person)["missing"] == [], "it is whole", 5)
    database.run("oo_ml", "DELETE FROM ml.heads WHERE person_id = $1", person)
    learning.post("/score", json=request(personId=person))
    wait_until(lambda: all(p["usable"] for p in stats(learning, person)["posteriors"]), "it is whole", 5)
    told = stats(learning, person)
    assert (told["wantsLog"], told["eventsLearned"]) == (True, 1), (
        "nobody can say that no term went with the head"
    )
    learning.post("/score", json=request(personId=str(uuid4())))
    assert 'oo_ml_rebuilds_total{outcome="rebuilt"} 2.0' in learning.get("/metrics").text


def test_a_loss_is_answered_by_asking_for_the_log_and_the_log_is_asked_for_once(
    learning: TestClient, database: Database, person: str
) -> None:
    def asked(*events: dict[str, Any], **more: Any) -> bool:
        return bool(told(learning, *events, **more)["startOver"])

    first, second = event(person), event(person, at="2026-03-11T09:00:00Z")
    for table in ("posteriors", "terms", "heads", "snapshots"):
        database.run("oo_owner", f"TRUNCATE ml.{table}")
    assert asked(first), "whoever knows nobody has lost everything, or just begins"
    assert asked(second), "the first answer may have been lost on its way"
    assert not asked(first, second, fromTheStart=True, toTheEnd=True)
    assert not asked(first)
    lose(database, person, first["eventId"])
    assert asked(event(person))
    assert asked(event(str(uuid4()))), "whoever is told"
    assert not asked(first, fromTheStart=True)
    assert not asked(second, toTheEnd=True)
    assert learned(database, person)["urgency"] == 3
    assert not stats(learning, person)["wantsLog"]


def test_a_log_that_is_told_half_way_is_not_taken_for_whole(
    open_app: Open, database: Database, person: str
) -> None:
    url = database.url("oo_ml")
    first, second, third = (event(person, at=f"2026-03-1{day}T09:00:00Z") for day in range(3))
    ml = open_app(url)
    told(ml, first, fromTheStart=True, toTheEnd=True)
    told(ml, second)
    for lost in (first, second):
        lose(database, person, lost["eventId"])
    assert told(ml, third)["startOver"]
    assert not told(ml, first, fromTheStart=True)["startOver"], "it is on its way"
    ml = open_app(url)
    assert stats(ml, person)["wantsLog"], "whoever goes on after ml was killed knows that it was half"
    refused = ml.post("/reward", json={"events": [event(person, chosen="z")], "toTheEnd": True})
    assert refused.status_code == 422
    assert stats(ml, person)["wantsLog"], "an end that was refused is none"
    assert not told(ml, second, third, toTheEnd=True)["startOver"]
    assert not stats(ml, person)["wantsLog"]
    assert learned(database, person)["urgency"] == 3


def test_what_is_lost_while_the_log_is_told_wants_it_once_more(
    learning: TestClient, database: Database, person: str
) -> None:
    first, second = event(person), event(person, at="2026-03-11T09:00:00Z")
    told(learning, first, fromTheStart=True, toTheEnd=True)
    lose(database, person, first["eventId"])
    told(learning, second)
    told(learning, first, fromTheStart=True)
    lose(database, person, first["eventId"])
    assert told(learning, second, toTheEnd=True)["startOver"], "its end says nothing of what was told before"
    assert told(learning, fromTheStart=True)["applied"] == 0
    told(learning, first, toTheEnd=True)
    assert not stats(learning, person)["wantsLog"]
