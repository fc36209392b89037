"""Confidence sequences hold while somebody looks after every row; the usual interval does not."""

from collections.abc import Callable
from dataclasses import replace
from math import log

import numpy as np
import pytest
from numpy.random import Generator, default_rng

from ml.evaluate import Logged
from ml.evaluate.compare_people import compare_people
from ml.evaluate.logged import Ints
from ml.evaluate.made_up import draw_rows, rewards
from ml.evaluate.outcomes import Outcomes, difference_outcomes, dr_outcomes, ips_outcomes
from ml.evaluate.sequence import Method, confidence_now, confidence_sequence, evidence_above
from ml.policy.base import Floats

PATHS, ROWS = 2000, 300
METHODS: tuple[Method, ...] = ("bernstein", "betting")
LOGGING = np.array([0.6, 0.38, 0.02])
TARGET = np.array([0.2, 0.4, 0.4])  # weights ⅓, 1.05, 20
MEAN = np.array([-0.5, 0.2, 0.6])
MODEL = np.array([-0.3, 0.1, -0.8])  # wrong where it matters
TRUTH = float(TARGET @ MEAN)
CAP = 5.0
TAIL = float(np.maximum(TARGET - CAP * LOGGING, 0).sum())


def life(rng: Generator, model: Floats, target: Floats = TARGET, rows: int = ROWS) -> Logged:
    """Rows of one log with the truth known: three candidates, always the same."""
    return judged(drawn(rng, rows), model, target, rng)


def drawn(rng: Generator, rows: int) -> Ints:
    return draw_rows(rng, np.tile(LOGGING, (rows, 1)))


def judged(chosen: Ints, model: Floats, target: Floats, rng: Generator) -> Logged:
    n = len(chosen)
    return Logged(
        person=np.zeros(n, dtype=np.int64),
        t_days=np.arange(float(n)),
        logged_p=LOGGING[chosen],
        target_p=target[chosen],
        reward=rewards(rng, MEAN[chosen]),
        predicted=model[chosen],
        expected=np.full(n, target @ model),
    )


def by_ips(rng: Generator) -> Outcomes:
    return ips_outcomes(life(rng, np.zeros(3)))


def by_cut_ips(rng: Generator) -> Outcomes:
    return ips_outcomes(life(rng, np.zeros(3)), cap=CAP)


def by_dr(rng: Generator) -> Outcomes:
    return dr_outcomes(life(rng, MODEL), CAP, np.full(ROWS, TAIL))


def ever_wrong(outcomes: Outcomes, truth: float, method: Method) -> bool:
    """The same as: a bound crosses the truth after some row (shown below), at a fraction of the price."""
    wanted = log(2 / 0.05)
    above = evidence_above(outcomes, truth, method).max()
    below = evidence_above(outcomes.turned(), -truth, method).max()
    return bool(above >= wanted or below >= wanted)


def share_wrong(make: Callable[[Generator], Outcomes], truth: float, method: Method) -> float:
    rng = default_rng(2)
    return float(np.mean([ever_wrong(make(rng), truth, method) for _ in range(PATHS)]))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("make", [by_ips, by_cut_ips, by_dr])
def test_covers_under_constant_looking(make: Callable[[Generator], Outcomes], method: Method) -> None:
    assert share_wrong(make, TRUTH, method) <= 0.05


def test_the_usual_interval_looked_at_constantly_is_false() -> None:
    rng, wrong = default_rng(2), 0
    for _ in range(PATHS):
        log = life(rng, np.zeros(3))
        terms, n = log.weight * log.reward, np.arange(1, ROWS + 1)
        mean = np.cumsum(terms) / n
        se = np.sqrt(np.maximum(np.cumsum(terms**2) / n - mean**2, 0) / np.maximum(n - 1, 1))
        wrong += bool((abs(mean - TRUTH) > 2.0 * se)[50:].any())
    assert wrong > 0.4 * PATHS


def test_what_the_cut_hides_must_be_counted() -> None:
    """A control: the same outcomes with the tail mass left out are sure of a false value."""

    def blind(rng: Generator) -> Outcomes:
        log = life(rng, MODEL, rows=3000)
        honest = dr_outcomes(log, CAP, np.full(3000, TAIL))
        kept = log.expected + np.minimum(log.weight, CAP) * (log.reward - log.predicted)
        return Outcomes(kept, kept, honest.floor, honest.ceiling, -1, 1)

    rng = default_rng(2)
    assert np.mean([ever_wrong(blind(rng), TRUTH, "bernstein") for _ in range(20)]) > 0.9
    with pytest.raises(ValueError, match="tail mass"):
        dr_outcomes(life(rng, MODEL), CAP)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("make", [by_ips, by_dr])
def test_a_bound_is_where_the_evidence_ends(make: Callable[[Generator], Outcomes], method: Method) -> None:
    outcomes = make(default_rng(7))
    bounds = confidence_sequence(outcomes, method)
    assert (bounds.low <= bounds.high).all()
    assert confidence_now(outcomes, method) == pytest.approx(bounds.now, abs=1e-9)
    for value in (-0.8, -0.2, 0.0, 0.1, 0.3):
        evidence = evidence_above(outcomes, value, method)
        peak = np.maximum.accumulate(evidence) if method == "betting" else evidence
        refuted, above = peak >= log(2 / 0.05), bounds.low > value
        assert not (above & ~refuted).any(), "a bound without the evidence for it"
        assert (refuted & ~above).mean() < 0.08, "evidence that moved no bound"
        assert bool(refuted[-1]) == bool(above[-1])


@pytest.mark.parametrize("method", METHODS)
def test_more_rows_say_more(method: Method) -> None:
    outcomes = dr_outcomes(life(default_rng(1), MODEL, rows=8000), 20.0)
    bounds = confidence_sequence(outcomes, method)
    widths = (bounds.high - bounds.low)[[500, 2000, 7999]]
    assert widths[0] > 1.3 * widths[1] > 1.3 * 1.3 * widths[2]
    assert bounds.low[-1] < TRUTH < bounds.high[-1]
    assert widths[2] < 0.36


def test_betting_is_the_sharper_one() -> None:
    outcomes = ips_outcomes(life(default_rng(1), np.zeros(3), rows=2000))
    low, high = confidence_sequence(outcomes, "bernstein").now
    sharper = confidence_sequence(outcomes, "betting").now
    assert low < sharper[0] < sharper[1] < high


def test_a_wandering_mean_is_for_bernstein_only() -> None:
    """The first half earns well, the second badly: Bernstein speaks of the mean so far, at every row."""
    rng, betting_wrong = default_rng(3), 0
    means = np.where(np.arange(ROWS) < ROWS // 2, 0.6, -0.6)
    so_far = np.cumsum(means) / np.arange(1, ROWS + 1)
    wrong = 0
    for _ in range(400):
        r = rewards(rng, means)
        outcomes = Outcomes(r, r, -1.0, 1.0, -1.0, 1.0)
        bounds = confidence_sequence(outcomes)
        wrong += bool(((bounds.low > so_far) | (bounds.high < so_far)).any())
        betting_wrong += ever_wrong(outcomes, 0.0, "betting")
    assert wrong <= 20
    assert betting_wrong > 380


@pytest.mark.parametrize("method", METHODS)
def test_the_difference_of_two_policies_is_covered(method: Method) -> None:
    current = np.array([0.5, 0.4, 0.1])
    tails = [np.full(ROWS, np.maximum(p - CAP * LOGGING, 0).sum()) for p in (TARGET, current)]

    def difference(rng: Generator) -> Outcomes:
        chosen = drawn(rng, ROWS)
        new = judged(chosen, MODEL, TARGET, rng)
        old = replace(judged(chosen, MODEL, current, rng), reward=new.reward)
        return difference_outcomes(new, old, CAP, (tails[0], tails[1]))

    assert share_wrong(difference, float((TARGET - current) @ MEAN), method) <= 0.05


def test_alike_policies_differ_by_nothing() -> None:
    log = life(default_rng(1), MODEL)
    outcomes = difference_outcomes(log, log, 20.0)
    assert (outcomes.low == 0).all()
    assert (outcomes.high == 0).all()
    with pytest.raises(ValueError, match="same rows"):
        difference_outcomes(log, life(default_rng(2), MODEL), 20.0)


@pytest.mark.parametrize("share", [0.05, 0.5])
def test_two_groups_of_people_may_be_looked_at_any_time(share: float) -> None:
    rng, wrong, naive = default_rng(6), 0, 0
    for _ in range(300):
        treated = rng.random(200) < share
        value = np.clip(0.1 * treated + 0.4 * rng.standard_normal(200), -1, 1)
        bounds = compare_people(treated, value, share, method="bernstein")
        wrong += bool(((bounds.low > 0.1) | (bounds.high < 0.1)).any())
        naive += usual_test_ever_sure(treated, value - 0.1 * treated)
    assert wrong <= 15
    assert naive > 45


def usual_test_ever_sure(treated: np.ndarray, value: Floats) -> bool:
    for n in range(20, len(value), 4):
        one, other = value[:n][treated[:n]], value[:n][~treated[:n]]
        if min(len(one), len(other)) > 1:
            se = np.sqrt(one.var(ddof=1) / len(one) + other.var(ddof=1) / len(other))
            if abs(one.mean() - other.mean()) > 2 * se:
                return True
    return False


def test_a_real_difference_between_groups_is_found() -> None:
    rng = default_rng(6)
    treated = rng.random(3000) < 0.2
    value = np.clip(0.1 * treated + 0.3 * rng.standard_normal(3000), -1, 1)
    low, high = compare_people(treated, value, 0.2).now
    assert 0 < low < 0.1 < high < 0.2
    for broken in ((treated[1:], value, 0.2), (treated, 5 * value, 0.2), (treated, value, 1.0)):
        with pytest.raises(ValueError, match=r"\.$"):
            compare_people(*broken)


def test_bounds_that_do_not_hold_are_refused() -> None:
    with pytest.raises(ValueError, match="beyond the bounds"):
        Outcomes(np.array([-2.0]), np.array([0.0]), -1.0, 1.0, -1.0, 1.0)


def test_an_empty_log_says_nothing() -> None:
    empty = ips_outcomes(life(default_rng(1), np.zeros(3)).rows(np.zeros(0, dtype=np.int64)))
    assert confidence_sequence(empty).now == (-np.inf, np.inf)
    assert confidence_sequence(empty, "betting").now == (-np.inf, np.inf)
    assert confidence_now(empty) == confidence_now(empty, "betting") == (-1.0, 1.0)
