"""What is claimed of a person is what the posterior says, and whether choosing helps is never guessed."""

import numpy as np
import pytest
from starlette.testclient import TestClient

from ml.serving.contract_learned import MAX_MOMENTS, InsightsRequest, Moment
from ml.serving.insights import CERTAIN, moved, personalised

PERSON = "0199aaaa-0000-7000-8000-000000000001"


def _request(moments: list[Moment]) -> InsightsRequest:
    return {"personId": PERSON, "moments": moments}  # type: ignore[typeddict-item]


def test_only_what_is_probable_enough_is_claimed_and_in_its_direction() -> None:
    assert moved("overdue", 0.3, 0.2, 0.3) is None
    assert moved("overdue", 0.3 + 0.2 * 1.28, 0.2, 0.3) is None, "just below nine in ten"
    more, less = moved("overdue", 0.6, 0.2, 0.3), moved("overdue", 0.0, 0.2, 0.3)
    assert more is not None
    assert less is not None
    assert (more["isMore"], less["isMore"]) == (True, False)
    assert more["certainty"] == pytest.approx(less["certainty"])
    assert more["certainty"] == pytest.approx(0.9331928, abs=1e-6)
    assert more["certainty"] >= CERTAIN
    assert moved("overdue", 1.0, 0.0, 0.0) is None, "a posterior without a width claims nothing"


def test_without_moments_of_both_sorts_there_is_no_figure_at_all() -> None:
    chosen: list[Moment] = [{"atRandom": False, "reward": 1.0}] * 9
    assert personalised(_request([]), 0.05) == {"moments": 0, "atRandom": 0}
    assert personalised(_request(chosen), 0.05) == {"moments": 9, "atRandom": 0}
    mixed: list[Moment] = [*chosen, {"atRandom": True, "reward": 0.0}]
    assert personalised(_request(mixed), 0.0) == {"moments": 10, "atRandom": 1}, "nothing is held back"


def test_the_interval_holds_the_truth_and_leaves_zero_only_with_evidence() -> None:
    rng = np.random.default_rng(7)

    def told(count: int, gain: float) -> tuple[float, float, float]:
        chance = rng.random(count) < 0.2
        reward = (rng.random(count) < np.where(chance, 0.2, 0.2 + gain)).astype(float)
        moments = [Moment(atRandom=bool(a), reward=float(r)) for a, r in zip(chance, reward, strict=True)]
        said = personalised(_request(moments), 0.2)
        return said["low"], said["difference"], said["high"]

    low, difference, high = told(60, 0.5)
    assert low < 0 < high, "a month of few moments is no evidence yet"
    low, difference, high = told(6000, 0.5)
    assert 0 < low < 0.5 < high
    assert difference == pytest.approx(0.5, abs=0.1)
    low, _, high = told(6000, 0.0)
    assert low < 0 < high


def test_the_difference_is_right_on_average_from_the_first_moments_on() -> None:
    rng, rounds, gain = np.random.default_rng(11), 800, 0.5

    def told() -> float:
        chance = np.zeros(12, dtype=bool)
        while not chance.any() or chance.all():
            chance = rng.random(12) < 0.2
        reward = np.where(chance, 0.2, 0.2 + gain)
        moments = [Moment(atRandom=bool(a), reward=float(r)) for a, r in zip(chance, reward, strict=True)]
        return personalised(_request(moments), 0.2)["difference"]

    assert float(np.mean([told() for _ in range(rounds)])) == pytest.approx(gain, abs=0.1)


def test_as_many_moments_as_the_contract_takes_come_in_one_body(learning: TestClient) -> None:
    moments = [Moment(atRandom=n % 20 == 0, reward=-1 / 3) for n in range(MAX_MOMENTS)]
    answer = learning.post("/insights", json=_request(moments))
    assert answer.status_code == 200, answer.text
    assert answer.json()["personalised"]["moments"] == MAX_MOMENTS
