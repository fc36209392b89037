"""Shadows, holdback, and a state that cannot be used: the tip comes, and the log says how."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import numpy as np
import pytest
from numpy.random import Generator

from ml.features import COLUMNS, NAMES, WIDTH
from ml.policy import State, make
from ml.policy.base import Floats
from ml.policy.inverse_gap import inverse_gap
from ml.policy.prior import shipped
from ml.policy.random import Random
from ml.serving.conftest import Open
from ml.serving.holdback import Holdback
from ml.serving.metrics import Metrics
from ml.serving.policies import Policies
from ml.serving.shadows import REST_S, SLOW_S, SLOW_TIMES, Scene, Watching
from ml.serving.test_learning import event, learn
from ml.serving.test_score import ask, timeless
from ml.state import store as store_module
from ml.throwaway_postgres import Database

LEARNERS = ("linucb", "lints", "igw", "linucb5", "urgency", "random")
PRIOR = shipped(NAMES)


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine the first connection takes longer than a decision may wait."""
    monkeypatch.setattr(store_module, "READ_TIMEOUT_S", 5.0)


class Odd(Random):
    """Answers what no policy may answer."""

    def __init__(self, name: str, answer: Any) -> None:
        super().__init__(WIDTH, None, {})
        self.name, self._answer = name, answer

    def choose(self, state: State, x: Floats, rng: Generator, t_days: float | None = None) -> Floats:
        answer: Floats = self._answer(x)
        return answer


def scribble(x: Floats) -> Floats:
    x[:] = 0.0
    return np.full(len(x), 1 / len(x))


ODD = (
    Odd("not_numbers", lambda x: np.full(len(x), np.nan)),
    Odd("too_few", lambda x: np.ones(1)),
    Odd("too_much", lambda x: np.ones(len(x))),
    Odd("negative", lambda x: np.array([1.5, -0.5, 0.0])),
    Odd("no_array", lambda x: "tip"),
    Odd("scribbles", scribble),
)


def test_any_number_of_shadows_and_no_oddity_of_theirs_touches_the_answer(open_app: Open) -> None:
    def incumbent() -> Any:
        return make("hb_ts", WIDTH, PRIOR, COLUMNS)

    watched = (*ODD, *(make(name, WIDTH, PRIOR, COLUMNS) for name in LEARNERS))
    client = open_app(policies=Policies(incumbent(), watched))
    alone = open_app(policies=Policies(incumbent(), ()))
    for i in range(20):
        one, other = ask(client, decision=f"d{i}"), ask(alone, decision=f"d{i}")
        assert [shadow["policy"] for shadow in one["shadows"]] == list(LEARNERS)
        assert timeless({**one, "shadows": []}) == timeless(other)
    for odd in ODD:
        assert f'oo_ml_shadow_failures_total{{policy="{odd.name}"}} 20.0' in client.get("/metrics").text


def test_a_shadow_that_is_slow_again_and_again_rests_and_comes_back() -> None:
    random, slow = make("random", WIDTH), Odd("slow", lambda x: np.full(len(x), 1 / len(x)))
    policies, metrics = Policies(random, (slow,)), Metrics()
    times: list[float] = [0.0]

    def ticks() -> Iterator[float]:
        while True:
            yield times[0]
            times[0] += step[0]

    step, clock = [SLOW_S * 2], ticks()
    watching = Watching(policies, metrics, lambda: next(clock))
    scene = Scene("d1", ["a", "b"], np.zeros((2, WIDTH)), {}, 1.0)
    for _ in range(SLOW_TIMES - 1):
        assert watching.look([slow], scene)
    step[0] = 0.0
    assert watching.look([slow], scene), "once in time, it begins to count anew"
    step[0] = SLOW_S * 2
    assert [len(watching.look([slow], scene)) for _ in range(SLOW_TIMES + 3)] == [1] * SLOW_TIMES + [0] * 3
    assert b'oo_ml_shadows_resting_total{policy="slow"} 1.0' in metrics.text()
    times[0] += REST_S
    assert watching.look([slow], scene)


def test_one_moment_in_twenty_is_held_back_and_says_so(open_app: Open) -> None:
    client, n = open_app(policy="hb_ts", shadows=("igw",), holdback=0.05), 1500
    answers = [ask(client, decision=f"d{i}") for i in range(n)]
    held = [answer for answer in answers if answer.get("holdback")]
    assert abs(len(held) - n * 0.05) < 3.9 * (n * 0.05 * 0.95) ** 0.5
    for answer in held:
        assert (answer["policy"], answer["version"]) == ("random", "1")
        assert answer["probabilities"] == pytest.approx([1 / 3] * 3)
        assert [shadow["policy"] for shadow in answer["shadows"]] == ["hb_ts", "igw"]
    assert {a["policy"] for a in answers if not a.get("holdback")} == {"hb_ts"}
    assert {answer["chosen"] for answer in held} == {"late", "soon", "someday"}
    again = [ask(client, decision=f"d{i}").get("holdback") for i in range(40)]
    assert again == [answer.get("holdback") for answer in answers[:40]]


def test_which_moments_are_held_back_is_known_only_with_the_key() -> None:
    one, other = Holdback(0.5, "a" * 32), Holdback(0.5, "b" * 32)
    ids = [f"d{i}" for i in range(4000)]
    same = sum(one.holds(name) == other.holds(name) for name in ids)
    assert abs(same - 2000) < 130
    assert [one.holds(name) for name in ids] == [Holdback(0.5, "a" * 32).holds(name) for name in ids]


def test_nobody_is_held_back_where_the_operator_wants_none(open_app: Open) -> None:
    client = open_app(policy="hb_ts", holdback=0.0)
    assert not any(ask(client, decision=f"d{i}").get("holdback") for i in range(100))


DAMAGE = {
    "bytes": "UPDATE ml.posteriors SET bytes = set_byte(bytes, 9, 77) WHERE person_id = $1",
    "version": "UPDATE ml.posteriors SET version = '0' WHERE person_id = $1",
    "gone": "DELETE FROM ml.posteriors WHERE person_id = $1",
}


@pytest.mark.parametrize("name", DAMAGE)
def test_what_cannot_be_used_is_the_population_and_said_so(
    open_app: Open, database: Database, name: str
) -> None:
    """With inverse-gap weights over the prior's mean; once it is rebuilt, the person's own again."""
    client, person = open_app(database.url("oo_ml"), policy="hb_ts", shadows=("igw", "random")), str(uuid4())
    learn(client, *(event(person, at=f"2026-03-0{day}T09:00:00Z") for day in (1, 4, 9)))
    own = ask(client, personId=person)
    assert "fallback" not in own
    database.run("oo_ml", DAMAGE[name], person)
    answer = ask(client, personId=person)
    assert (answer["policy"], answer["version"]) == (own["policy"], own["version"])
    assert answer["fallback"] == "population"
    means = np.array(answer["features"]["values"]) @ PRIOR.mean
    assert answer["scores"] == pytest.approx(means.tolist())
    assert answer["probabilities"] == pytest.approx(inverse_gap(means).tolist())
    told = {shadow["policy"]: shadow.get("fallback") for shadow in answer["shadows"]}
    assert told == {"igw": "population", "random": None}


def test_without_its_database_the_population_decides_and_says_so(open_app: Open) -> None:
    answer = ask(open_app("postgresql://oo_ml@/none?host=/nonexistent", policy="hb_ts"))
    assert answer["fallback"] == "population"
    assert answer["chosen"]
