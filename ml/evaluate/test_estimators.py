"""Off-policy estimates: equal to examples by hand, unbiased against a known truth, honest about how sure."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.random import default_rng

from ml.evaluate import (
    Candidates,
    Estimate,
    Logged,
    best_threshold,
    dr,
    dr_difference,
    ips,
    per_person,
    snips,
    switch_dr,
)
from ml.evaluate.made_up import played, world

Estimator = Callable[[Logged], Estimate]
NAN = float("nan")
PEOPLE = np.array([0, 0, 1, 1])
TINY = Logged(
    person=PEOPLE,
    t_days=np.arange(4.0),
    logged_p=np.array([0.5, 0.25, 0.5, 0.1]),
    target_p=np.array([0.25, 0.5, 0.5, 0.4]),
    reward=np.array([1.0, -0.5, 0.5, 1.0]),
    predicted=np.array([0.5, 0.0, 0.5, 0.25]),
    expected=np.array([0.3, 0.1, 0.2, 0.4]),
)  # weights ½ 2 1 4


def test_the_tiny_log_by_hand() -> None:
    assert ips(TINY).value == pytest.approx((0.5 - 1 + 0.5 + 4) / 4)
    assert snips(TINY).value == pytest.approx((0.5 - 1 + 0.5 + 4) / 7.5)
    assert dr(TINY).value == pytest.approx(((0.3 + 0.25) + (0.1 - 1) + 0.2 + (0.4 + 3)) / 4)
    assert switch_dr(TINY, 2.0).value == pytest.approx((0.55 - 0.9 + 0.2 + 0.4) / 4)
    assert ips(TINY).ess == pytest.approx(7.5**2 / (0.25 + 4 + 1 + 16))
    assert ips(TINY).max_weight_share == pytest.approx(4 / 7.5)
    assert switch_dr(TINY, 2.0).max_weight_share == pytest.approx(2 / 3.5)
    assert (ips(TINY).n, ips(TINY).people) == (4, 2)


def test_the_tiny_intervals_by_hand() -> None:
    by_row = ips(TINY, by="decision")
    assert by_row.se == pytest.approx(np.std([0.5, -1, 0.5, 4], ddof=1) / 2)
    assert by_row.high - by_row.value == pytest.approx(3.182446 * by_row.se, rel=1e-6)
    assert snips(TINY, by="decision").se == pytest.approx(
        np.sqrt(sum((w * (r - 4 / 7.5)) ** 2 for w, r in ((0.5, 1), (2, -0.5), (1, 0.5), (4, 1))) * 4 / 3)
        / 7.5
    )
    by_person = ips(TINY)  # the two people pull by (0.5 − 1 − 2) and (0.5 + 4 − 2)
    assert by_person.se == pytest.approx(np.sqrt(2 * (2.5**2 + 2.5**2)) / 4)
    assert by_person.value - by_person.low == pytest.approx(12.7062 * by_person.se, rel=1e-5)


def test_rows_without_a_reward_wait() -> None:
    with_one_open = replace(TINY, reward=np.array([1.0, NAN, 0.5, 1.0]))
    closed = TINY.rows(np.array([0, 2, 3]))
    for estimator in (ips, snips, dr, switch_dr):
        assert estimator(with_one_open) == estimator(closed)


@pytest.mark.parametrize("estimator", [ips, snips, dr, switch_dr])
def test_nothing_known_is_no_evidence(estimator: Estimator) -> None:
    nothing = estimator(TINY.rows(np.zeros(0, dtype=np.int64)))
    assert np.isnan(nothing.value)
    assert (nothing.n, nothing.ess, nothing.high) == (0, 0.0, np.inf)
    assert not estimator(TINY.rows(np.array([1]))).sure


@pytest.mark.parametrize("estimator", [ips, snips, dr, switch_dr])
def test_what_the_target_would_never_have_done_is_no_evidence(estimator: Estimator) -> None:
    assert estimator(TINY).sure
    assert not estimator(replace(TINY, target_p=np.zeros(4))).sure
    assert not estimator(replace(TINY, target_p=np.array([0.5, 0.0, 0.0, 0.0]))).sure


def test_each_person_alone_and_all_together() -> None:
    alone = per_person(ips, TINY)
    assert {p: e.value for p, e in alone.items()} == pytest.approx({0: -0.25, 1: 2.25})
    assert alone[1].se == pytest.approx(np.std([0.5, 4], ddof=1) / np.sqrt(2))


@st.composite
def logs(draw: st.DrawFn) -> Logged:
    n = draw(st.integers(2, 30))

    def column(low: float, high: float) -> np.ndarray:
        return draw(arrays(np.float64, n, elements=st.floats(low, high)))

    people = draw(arrays(np.int64, n, elements=st.integers(0, 4)))
    return Logged(
        people, column(0, 9), column(0.01, 1), column(0, 1), column(-1, 1), column(-1, 1), column(-1, 1)
    )


@settings(max_examples=60, deadline=None)
@given(logs(), st.randoms(use_true_random=False))
def test_whatever_the_log(logged: Logged, chance: Random) -> None:
    shuffled = logged.rows(np.array(chance.sample(range(len(logged)), len(logged))))
    for estimator in (ips, snips, dr, switch_dr):
        found, again = estimator(logged), estimator(shuffled)
        assert found.value == pytest.approx(again.value, abs=1e-9, nan_ok=True)
        assert found.se == pytest.approx(again.se, abs=1e-6, nan_ok=True)
        assert 0 <= found.ess <= found.n + 1e-9
        assert 0 <= found.max_weight_share <= 1
    itself = replace(logged, target_p=logged.logged_p)
    for estimator in (ips, snips):
        assert estimator(itself).value == pytest.approx(logged.reward.mean(), abs=1e-9)
    assert ips(itself).ess == pytest.approx(len(logged))
    if logged.target_p.any():
        assert logged.reward.min() - 1e-9 <= snips(logged).value <= logged.reward.max() + 1e-9


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("logged_p", 0.0),
        ("logged_p", NAN),
        ("logged_p", 1.1),
        ("target_p", -0.1),
        ("reward", np.inf),
        ("expected", NAN),
    ],
)
def test_an_impossible_log_is_refused(column: str, value: float) -> None:
    broken = getattr(TINY, column).copy()
    broken[1] = value
    with pytest.raises(ValueError, match=r"\.$"):
        replace(TINY, **{column: broken})


def errors(
    estimator: Estimator, model: str = "good", spoil: Callable[[Logged], Logged] = lambda log: log
) -> tuple[np.ndarray, np.ndarray]:
    """Errors and claimed standard errors over 200 lives of one world, whose truth is a sum."""
    w = world(default_rng(3), 400)
    guess = {"good": 0.8 * w.mean, "absurd": 0.9 - w.mean, "none": None}[model]
    rng, found = default_rng(4), []
    for _ in range(200):
        estimate = estimator(spoil(played(rng, w, guess)[1]))
        found.append((estimate.value - w.truth, estimate.se))
    error, se = np.array(found).T
    return error, se


def off(error: np.ndarray) -> float:
    """The bias in standard errors."""
    return float(abs(error.mean()) / (error.std() / np.sqrt(len(error))))


def by_decision(estimator: Callable[..., Estimate]) -> Estimator:
    return lambda logged: estimator(logged, by="decision")


@pytest.mark.parametrize("model", ["good", "absurd"])
@pytest.mark.parametrize("estimator", [ips, dr])
def test_unbiased_within_two_standard_errors(estimator: Callable[..., Estimate], model: str) -> None:
    error, se = errors(by_decision(estimator), model)
    assert off(error) < 2
    # contexts are fixed here, so the claimed error may be a little too large, never too small
    assert 0.93 * error.std() < se.mean() < 1.6 * error.std()


def test_the_biased_ones_stay_close() -> None:
    assert abs(errors(by_decision(snips))[0].mean()) < 0.01
    assert abs(errors(by_decision(switch_dr))[0].mean()) < 0.01


def test_a_false_propensity_is_seen_as_bias() -> None:
    def flattened(logged: Logged) -> Logged:
        return replace(logged, logged_p=np.full(len(logged), 0.2))

    assert off(errors(ips, spoil=flattened)[0]) > 5


def test_a_good_model_and_normalising_make_it_steadier() -> None:
    plain, normal, robust = (errors(e)[0].std() for e in (ips, snips, dr))
    assert robust < 0.8 * plain
    assert normal < plain


def test_a_threshold_cuts_the_heaviest_weights_only() -> None:
    _, logged = played(default_rng(1), world(default_rng(3), 2000))
    assert best_threshold(logged, 2.0) >= 5
    heavy = replace(logged, logged_p=np.where(np.arange(2000) == 7, 1e-4, logged.logged_p))
    assert switch_dr(heavy, best_threshold(heavy, 2.0)).se < 0.5 * dr(heavy).se


def test_intervals_by_person_speak_of_people_like_these() -> None:
    """Each life has other people: by decision the interval is too narrow, by person it covers."""
    rng, hits = default_rng(8), {"person": 0, "decision": 0}
    for _ in range(400):
        own = 0.3 * rng.standard_normal(20)
        person = np.repeat(np.arange(20), 30)
        reward = own[person] + 0.5 * rng.standard_normal(600)
        p = np.full(600, 0.5)
        logged = Logged(person, np.arange(600.0), p, p, reward)
        for by in ("person", "decision"):
            estimate = ips(logged, by=by)
            hits[by] += estimate.low <= 0 <= estimate.high
    assert hits["person"] >= 370
    assert hits["decision"] < 300


def test_what_two_policies_do_alike_cancels() -> None:
    w = world(default_rng(3), 3000)
    candidates, new = played(default_rng(5), w, 0.8 * w.mean)
    long = (0.8 * w.mean).reshape(-1)
    near = 0.9 * w.target + 0.1 * w.logging
    current = candidates.logged(w.person, new.t_days, new.reward, near.reshape(-1), long)
    difference = dr_difference(new, current)
    assert difference.value == pytest.approx(dr(new).value - dr(current).value)
    assert difference.se < 0.3 * dr(new).se
    with pytest.raises(ValueError, match="same rows"):
        dr_difference(new, current.rows(np.arange(10)))


def test_whole_decisions_become_rows() -> None:
    long = Candidates(np.array([2, 3]), np.array([1, 0]), np.array([0.3, 0.7, 0.2, 0.2, 0.6]))
    target, r_hat = np.array([0.9, 0.1, 0.0, 1.0, 0.0]), np.array([1.0, 0.0, 0.5, -1.0, 0.0])
    logged = long.logged(np.array([0, 1]), np.zeros(2), np.array([1.0, 0.0]), target, r_hat)
    assert logged.logged_p.tolist() == [0.7, 0.2]
    assert logged.predicted.tolist() == [0.0, 0.5]
    assert logged.expected == pytest.approx([0.9, -1.0])
    assert long.tail(target, 2.0) == pytest.approx([0.3, 0.6])
    for broken in ({"sizes": np.array([2, 2])}, {"chosen": np.array([2, 0])}, {"logged_p": np.full(5, 0.5)}):
        with pytest.raises(ValueError, match=r"\.$"):
            replace(long, **broken)
