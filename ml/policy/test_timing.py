"""When a push is sent: the rule of decisions.md, its log and its state."""

from statistics import NormalDist

import numpy as np
import pytest

from ml.policy.timing import (
    ALIKE,
    LEAST,
    MOST,
    UNLIKE,
    Later,
    Seen,
    later,
    send_probability,
    threshold,
    usable,
)


def seen_of(scores: list[float]) -> Seen:
    seen = Seen()
    for score in scores:
        seen = seen.with_one(score)
    return seen


def test_mean_and_deviation_are_those_of_the_opportunities() -> None:
    scores = np.random.default_rng(0).normal(0.3, 0.2, 150)
    seen = seen_of(scores.tolist())
    assert seen.mean == pytest.approx(scores.mean())
    assert seen.deviation == pytest.approx(scores.std(), rel=0.02)


def test_what_is_long_past_fades() -> None:
    seen = seen_of([0.0] * 1000 + [1.0] * 1000)
    assert seen.mean > 0.98
    assert seen.n <= 200


def test_the_threshold_lets_through_as_many_as_are_left() -> None:
    """Scores as expected: b of n exceed it."""
    above = threshold(Later(0.5, 0.1), 3, 24)
    assert above == pytest.approx(0.5 + 0.1 * NormalDist().inv_cdf(1 - 3 / 24))
    assert (np.random.default_rng(1).normal(0.5, 0.1, 20_000) > above).mean() == pytest.approx(
        3 / 24, abs=0.01
    )


def test_later_is_mostly_as_now_partly_as_always_and_the_day_goes_on() -> None:
    seen = seen_of(np.random.default_rng(1).normal(0.5, 0.1, 200).tolist())
    flat = later(seen, 0.9, np.zeros(5))
    assert flat.mean == pytest.approx(seen.mean + ALIKE * (0.9 - seen.mean))
    assert flat.deviation == pytest.approx(UNLIKE * seen.deviation)
    evening = later(seen, 0.9, np.array([-0.2, 0.2, 0.3]))
    assert evening.mean == pytest.approx(flat.mean + 0.1)
    assert evening.deviation > flat.deviation
    assert later(Seen(), 0.9, np.zeros(1)).mean == 0.9, "of somebody new all is as now"


def test_nothing_left_is_silence_and_enough_left_asks_only_for_the_price() -> None:
    usual = Later(0.5, 0.1)
    assert threshold(usual, 0, 10) == float("inf")
    assert send_probability(9.0, threshold(usual, 0, 10), 0.1) == 0.0
    assert threshold(usual, 5, 5) == 0.0
    assert threshold(usual, 5, 3, price=0.1) == 0.1


def test_a_push_makes_others_pass_so_fewer_are_left_to_choose_from() -> None:
    assert [usable(sends, 28, 30.0) for sends in (1, 2, 3)] == [28, 26, 24]
    assert usable(3, 28, 15.0) == 18
    assert (usable(3, 28, 120.0), usable(3, 2, 30.0), usable(0, 0, 30.0)) == (28, 1, 1)


def test_what_is_not_worth_its_price_is_never_sent() -> None:
    assert threshold(Later(-0.5, 0.1), 1, 20) == 0.0
    assert send_probability(-0.01, 0.0, 0.1) == 0.0
    assert send_probability(0.05, 0.0, 0.1, price=0.1) == 0.0


def test_near_the_threshold_chance_decides_and_the_log_says_how() -> None:
    sd = 0.2
    above = threshold(Later(0.5, sd), 3, 24)
    chances = [send_probability(above + step * sd, above, sd) for step in np.linspace(-1, 1, 81)]
    assert chances == sorted(chances)
    assert chances[0] == 0.0
    assert min(c for c in chances if c > 0) == LEAST
    assert chances[-1] == MOST
    assert send_probability(above, above, sd) == pytest.approx(0.5)


@pytest.mark.parametrize("odd", [float("nan"), float("inf"), -float("inf")])
def test_what_is_no_number_neither_teaches_nor_sends(odd: float) -> None:
    seen = seen_of([0.1, 0.2])
    assert seen.with_one(odd) == seen
    assert send_probability(odd, 0.1, 0.1) == 0.0


def test_the_state_survives_as_bytes_and_refuses_others() -> None:
    seen = seen_of([0.1, -0.4, 0.9])
    assert Seen.from_bytes(seen.to_bytes()) == seen
    with pytest.raises(ValueError, match="timing state"):
        Seen.from_bytes(b"sum1" + bytes(24))
