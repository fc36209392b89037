"""/score: the answer's shape, an honest draw, and an answer whatever else is broken."""

import json
from collections import Counter
from typing import Any, cast

import numpy as np
import pytest
from numpy.random import Generator
from starlette.testclient import TestClient

from ml.features import COLUMNS, NAMES, WIDTH
from ml.policy import State, make
from ml.policy.base import Floats
from ml.policy.random import Random
from ml.serving.conftest import Open
from ml.serving.policies import Policies
from ml.throwaway_postgres import Database

PERSON = "7f000000-0000-4000-8000-000000000001"


def task(name: str, **attributes: Any) -> dict[str, Any]:
    return {"id": name, "kind": "todo", "source": "todoist", "attributes": attributes}


def request(decision: str = "d1", **changes: Any) -> dict[str, Any]:
    base: dict[str, Any] = {
        "decisionId": decision,
        "personId": PERSON,
        "now": "2026-03-10T09:00:00+01:00",
        "timeZone": "Europe/Berlin",
        "trigger": "open",
        "candidates": [
            task("late", due={"date": "2026-03-08", "time": None}, priority=4),
            task("soon", due={"date": "2026-03-10", "time": "2026-03-10T18:00:00Z"}, priority=1),
            task("someday", createdAt="2026-03-01T00:00:00Z", effortMin=15, timesShown=3, recurring=False),
        ],
    }
    return base | changes


def ask(client: TestClient, **changes: Any) -> dict[str, Any]:
    answer = client.post("/score", json=request(**changes))
    assert answer.status_code == 200, answer.text
    return cast(dict[str, Any], answer.json())


def timeless(answer: dict[str, Any]) -> dict[str, Any]:
    watched = [{**shadow, "latencyMs": 0.0} for shadow in answer["shadows"]]
    return {key: value for key, value in answer.items() if key != "latencyMs"} | {"shadows": watched}


def test_the_answer_is_whole_and_aligned_with_the_candidates(client: TestClient) -> None:
    answer = ask(client)
    assert (answer["policy"], answer["version"], answer["latencyMs"] > 0) == ("urgency", "1", True)
    assert answer["probabilities"] == pytest.approx([0.9 + 0.1 / 3, 0.1 / 3, 0.1 / 3])
    assert answer["features"]["ids"] == ["late", "soon", "someday"]
    assert answer["features"]["names"] == list(NAMES)
    values, contributions = np.array(answer["features"]["values"]), np.array(answer["contributions"])
    assert values.shape == contributions.shape == (3, WIDTH)
    assert values[:, COLUMNS["overdue"]].tolist() == [1, 0, 0]
    assert values[:, COLUMNS["due_today"]].tolist() == [0, 1, 0]
    assert contributions.sum(axis=1) == pytest.approx(answer["scores"])
    assert [(s["policy"], len(s["probabilities"])) for s in answer["shadows"]] == [("random", 3)]
    assert not {"silence", "sendProbability"} & answer.keys()


def test_a_decision_asked_twice_is_the_same_decision(client: TestClient) -> None:
    assert timeless(ask(client)) == timeless(ask(client))


def test_the_choice_is_drawn_from_the_probabilities_it_reports(open_app: Open) -> None:
    client = open_app(policy="random", shadows=("urgency",))
    n = 1200
    answers = [ask(client, decision=f"d{i}") for i in range(n)]
    chosen = Counter(a["chosen"] for a in answers)
    shadowed = Counter(a["shadows"][0]["chosen"] for a in answers)
    expected = n * np.array(answers[0]["probabilities"])
    counts = np.array([chosen[i] for i in ("late", "soon", "someday")])
    assert float(((counts - expected) ** 2 / expected).sum()) < 18.4  # χ², 2 degrees, 99.99 %
    wished = n * np.array(answers[0]["shadows"][0]["probabilities"])
    seen = np.array([shadowed[i] for i in ("late", "soon", "someday")])
    assert float(((seen - wished) ** 2 / wished).sum()) < 18.4


def test_shadows_do_not_move_the_choice(open_app: Open) -> None:
    alone, watched = open_app(shadows=()), open_app(shadows=("random",))
    for i in range(40):
        one, other = ask(alone, decision=f"d{i}"), ask(watched, decision=f"d{i}")
        assert (one["chosen"], one["probabilities"]) == (other["chosen"], other["probabilities"])


def test_who_was_asked_for_decides_and_the_incumbent_watches(open_app: Open) -> None:
    client = open_app(shadows=("random",))
    one, other = ask(client, policy="random"), ask(client)
    assert (one["policy"], other["policy"]) == ("random", "urgency")
    assert one["probabilities"] == pytest.approx([1 / 3] * 3)
    assert [shadow["policy"] for shadow in one["shadows"]] == ["urgency"]
    assert one["shadows"][0]["probabilities"] == other["probabilities"]
    assert all(0 < shadow["latencyMs"] < one["latencyMs"] for shadow in one["shadows"])


def test_a_policy_that_ml_does_not_have_leaves_the_decision_to_the_incumbent(client: TestClient) -> None:
    for name in ("unheard_of", None):
        assert timeless(ask(client, policy=name)) == timeless(ask(client))


class Failing(Random):
    name = "failing"

    def choose(self, state: State, x: Floats, rng: Generator, t_days: float | None = None) -> Floats:
        raise RuntimeError("out of luck")


def test_a_failing_shadow_costs_nobody_their_tip(open_app: Open) -> None:
    failing = Failing(d=WIDTH, prior=None, columns={})
    random = make("random", WIDTH)
    client = open_app(policies=Policies(make("urgency", WIDTH, columns=COLUMNS), (failing, random)))
    answer = ask(client)
    assert answer["chosen"] == ask(open_app())["chosen"]
    assert [shadow["policy"] for shadow in answer["shadows"]] == ["random"]
    assert 'oo_ml_shadow_failures_total{policy="failing"} 1.0' in client.get("/metrics").text


def test_a_failing_incumbent_is_an_error_without_insides_and_health_is_down(open_app: Open) -> None:
    client = open_app(policies=Policies(Failing(d=WIDTH, prior=None, columns={}), ()))
    answer = client.post("/score", json=request())
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert "luck" not in answer.text
    health = client.get("/health")
    assert (health.status_code, health.json()["status"]) == (503, "down")


def test_with_nothing_to_choose_from_it_says_so(client: TestClient) -> None:
    answer = ask(client, candidates=[])
    assert (answer["chosen"], answer["silence"]) == (None, "nothing_eligible")
    assert (answer["probabilities"], answer["scores"], answer["shadows"]) == ([], [], [])
    assert answer["features"]["values"] == answer["contributions"] == []


def test_what_is_known_of_the_moment_reaches_the_features(client: TestClient) -> None:
    candidates = [task("mail", effortMin=10), task("walk", theme="break", kindRecent=0.5, generated=True)]
    context = {"busy": True, "freeMin": 15, "mood": -1, "sleep": None}
    told = ask(client, candidates=candidates, context=context, dosage=3.5)["features"]
    mail, walk = (dict(zip(told["names"], values, strict=True)) for values in told["values"])
    assert (mail["fits_gap"], mail["mood_gentle"], mail["sleep_effort"]) == (1, 0, 0)
    assert (walk["fits_gap"], walk["mood_gentle"], walk["generated"]) == (0, 1, 1)
    assert walk["busy_effort"] > mail["busy_effort"] > 0
    assert 0 < mail["dose_todo"] < 1
    silent = {"busy": None, "freeMin": None, "mood": None, "sleep": None}
    answers = [timeless(ask(client, candidates=candidates, context=said)) for said in ({}, None, silent)]
    assert answers[0] == answers[1] == answers[2]


def test_sixty_four_candidates_are_the_most(client: TestClient) -> None:
    many = [task(f"t{i}") for i in range(65)]
    assert len(ask(client, candidates=many[:64])["probabilities"]) == 64
    refused = client.post("/score", json=request(candidates=many))
    assert refused.status_code == 422
    assert "at most 64" in refused.json()["detail"]


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "unknown field": ({"mood": "fine"}, "mood"),
    "unknown attribute": ({"candidates": [task("a", title="call mum")]}, "candidates[0].attributes.title"),
    "wrong type": ({"candidates": [task("a", priority="4")]}, "candidates[0].attributes.priority"),
    "out of range": ({"candidates": [task("a", priority=5)]}, "candidates[0].attributes.priority"),
    "not a zone": ({"timeZone": "Mars/Olympus"}, "timeZone"),
    "a path as zone": ({"timeZone": "../../etc/passwd"}, "timeZone"),
    "a folder as zone": ({"timeZone": "Europe"}, "timeZone"),
    "no offset": ({"now": "2026-03-10T09:00:00"}, "now"),
    "not a trigger": ({"trigger": "whim"}, "trigger"),
    "not a person": ({"personId": "ada"}, "personId"),
    "id with spaces": ({"decision": "a b"}, "decisionId"),
    "same id twice": ({"candidates": [task("a"), task("a")]}, "candidates"),
    "no number": ({"dosage": "much"}, "dosage"),
    "not a theme": ({"candidates": [task("a", theme="whim")]}, "candidates[0].attributes.theme"),
    "less than never": ({"candidates": [task("a", kindRecent=-1)]}, "candidates[0].attributes.kindRecent"),
    "more than alike": (
        {"candidates": [task("a", dismissedSimilarity=1.1)]},
        "candidates[0].attributes.dismissedSimilarity",
    ),
    "nearly true": ({"candidates": [task("a", generated=1)]}, "candidates[0].attributes.generated"),
    "unknown context": ({"context": {"place": "whim"}}, "context.place"),
    "nearly busy": ({"context": {"busy": "yes"}}, "context.busy"),
    "less than no time": ({"context": {"freeMin": -1}}, "context.freeMin"),
    "better than well": ({"context": {"mood": 1.1}}, "context.mood"),
    "slept too well": ({"context": {"sleep": 7.5}}, "context.sleep"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_named_in_a_sentence_and_not_repeated(client: TestClient, name: str) -> None:
    changes, path = BAD[name]
    answer = client.post("/score", json=request(**changes))
    body = answer.json()
    assert (answer.status_code, body["status"], body["title"]) == (422, 422, "Unprocessable Entity")
    assert answer.headers["content-type"] == "application/problem+json"
    assert path in [error["path"] for error in body["errors"]]
    assert body["detail"].startswith(f"{body['errors'][0]['path']}: ")
    assert body["detail"].endswith(".")
    assert not any(text in answer.text for text in ("call mum", "Olympus", "passwd", "whim"))


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"now": NaN}', b"\xff\xfe", b"[" * 5000])
def test_what_is_not_json_is_refused(client: TestClient, body: bytes) -> None:
    answer = client.post("/score", content=body)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")


def test_infinity_is_not_a_number_here(client: TestClient) -> None:
    text = json.dumps(request(dosage=1.0)).replace('"dosage": 1.0', '"dosage": Infinity')
    assert client.post("/score", content=text).status_code == 422


def test_without_its_database_it_answers_the_same(open_app: Open, database: Database) -> None:
    away = open_app("postgresql://oo_ml@/none?host=/nonexistent")
    there = open_app(database.url("oo_ml"))
    assert timeless(ask(away)) == timeless(ask(there)) == timeless(ask(open_app()))
    health = away.get("/health")
    assert (health.status_code, health.json()["status"]) == (200, "degraded")
    assert there.get("/health").json()["status"] == "ok"
