"""Every policy decides and learns through the door, and a new prior costs nobody what they taught."""

from uuid import uuid4

from numpy.random import default_rng

from ml.features import COLUMNS, NAMES, WIDTH
from ml.policy import make
from ml.policy.prior import FIRST, from_json, shipped
from ml.serving.conftest import Open
from ml.serving.policies import Policies
from ml.serving.test_learning import event, learn, stats
from ml.serving.test_score import request
from ml.throwaway_postgres import Database

LEARNERS = ("hb_ts", "linucb5", "linucb", "lints", "igw")


def states(database: Database, person: str) -> dict[str, bytes]:
    rows = database.run("oo_ml", "SELECT policy, bytes FROM ml.posteriors WHERE person_id = $1", person)
    return {row["policy"]: row["bytes"] for row in rows}


def test_the_shipped_prior_knows_every_column() -> None:
    assert set(from_json(FIRST.read_text()).names) == set(NAMES)


def test_each_learns_and_an_undo_leaves_not_a_bit(open_app: Open, database: Database) -> None:
    client, person = open_app(database.url("oo_ml"), policy=LEARNERS[0], shadows=LEARNERS[1:]), str(uuid4())
    learn(client, *(event(person, at=f"2026-03-{day:02}T09:00:00Z") for day in (1, 4, 9)))
    before, taught = states(database, person), event(person, at="2026-03-06T07:00:00Z")
    learn(client, taught)
    assert all(states(database, person)[name] != before[name] for name in LEARNERS)
    learn(client, event(person, at="2026-03-10T09:00:00Z", reward=None, replaces=taught["eventId"]))
    assert states(database, person) == before
    answer = client.post("/score", json=request(personId=person)).json()
    assert answer["policy"] == "hb_ts"
    assert [shadow["policy"] for shadow in answer["shadows"]] == list(LEARNERS[1:])
    assert abs(sum(answer["probabilities"]) - 1) < 1e-9


def test_a_new_prior_is_named_in_decisions_and_keeps_every_state(open_app: Open, database: Database) -> None:
    policy = make("hb_ts", WIDTH, shipped(NAMES), COLUMNS)
    client, person = open_app(database.url("oo_ml"), policies=Policies(policy, ())), str(uuid4())
    learn(client, event(person))
    before = client.post("/score", json=request(personId=person)).json()
    other = policy.fresh()
    for row in default_rng(1).uniform(0, 1, size=(9, WIDTH)):
        other = policy.update(other, row, 0.5, 100.0)
    policy.fit_prior([other] * 5, 100.0)
    client = open_app(database.url("oo_ml"), policies=Policies(policy, ()))
    after = client.post("/score", json=request(personId=person)).json()
    assert before["version"] == f"1+{shipped(NAMES).version}"
    assert after["version"].startswith("1+pooled-")
    assert before["scores"] != after["scores"]
    assert [one["usable"] for one in stats(client, person)["posteriors"]] == [True, True]
