"""Drift is called when the world moved, and not when a small sample merely looks it."""

import numpy as np
import pytest
from numpy.random import default_rng

from ml.evaluate.drift import drifts, reward_drift
from ml.evaluate.holm import holm
from ml.evaluate.psi import shift


def test_psi_by_hand() -> None:
    then, now = np.repeat([0.0, 1.0], [60, 40]), np.repeat([0.0, 1.0], [30, 70])
    p, q = np.array([60.5, 40.5]) / 101, np.array([30.5, 70.5]) / 101
    found = shift(then, now)
    assert found.psi == pytest.approx(float(((q - p) * np.log(q / p)).sum()))
    assert found.noise == pytest.approx(0.02)
    assert found.bins == 2
    assert found.p < 1e-4


@pytest.mark.parametrize(("n", "m"), [(2000, 60), (100, 100), (5000, 5000)])
def test_nothing_moved_is_seldom_called(n: int, m: int) -> None:
    rng, called, psis, noises = default_rng(1), 0, [], []
    for _ in range(400):
        s = shift(rng.standard_normal(n), rng.standard_normal(m))
        psis.append(s.psi)
        noises.append(s.noise)
        called += s.p < 0.05
    assert called <= 32
    assert np.mean(psis) == pytest.approx(np.mean(noises), rel=0.25)


def test_a_small_sample_alone_raises_no_alarm_but_its_psi_would() -> None:
    rng = default_rng(2)
    then, now = rng.standard_normal((2000, 20)), rng.standard_normal((60, 20))
    found = drifts([str(i) for i in range(20)], then, now)
    assert max(d.shift.psi for d in found) > 0.2  # the usual rule of thumb would call it
    assert not any(d.alarming for d in found)


def test_a_moved_column_is_named_first() -> None:
    rng = default_rng(3)
    then, now = rng.uniform(0, 1, (3000, 6)), rng.uniform(0, 1, (400, 6))
    now[:, 4] = np.sqrt(now[:, 4])
    then[:, 2], now[:, 2] = 1.0, 1.0
    found = drifts(list("abcdef"), then, now)
    assert [d.name for d in found if d.alarming] == ["e"]
    assert found[0].name == "e"
    constant = next(d for d in found if d.name == "c")
    assert (constant.shift.psi, constant.p) == (0.0, 1.0)


def test_missing_values_are_values() -> None:
    rng = default_rng(4)
    then, now = rng.uniform(0, 1, 1000), rng.uniform(0, 1, 1000)
    now[rng.random(1000) < 0.4] = np.nan
    assert shift(then, now).beyond_noise > 0.2
    assert shift(then, np.zeros(0)).p == 1.0
    assert shift(np.zeros(100), np.full(100, np.nan)).beyond_noise > 1


def test_repeated_rows_do_not_count_as_news() -> None:
    """Each independent row ten times over: without the design effect, chance is called drift."""
    rng, plain, careful = default_rng(5), 0, 0
    for _ in range(100):
        then, now = np.repeat(rng.standard_normal(300), 10), np.repeat(rng.standard_normal(300), 10)
        plain += shift(then, now).p < 0.05
        careful += shift(then, now, design_effect=10.0).p < 0.05
    assert plain > 80
    assert careful < 12


def test_rewards_drift_when_people_agree_on_it() -> None:
    rng = default_rng(6)
    person = np.repeat(np.arange(40), 25)
    own = 0.3 * rng.standard_normal(40)
    then = own[person] + 0.5 * rng.standard_normal(1000)
    same, worse = (own[person] + by + 0.5 * rng.standard_normal(1000) for by in (0.0, -0.4))
    worse[:5] = np.nan
    assert not reward_drift(then, person, same, person).alarming
    found = reward_drift(then, person, worse, person)
    assert found.alarming
    assert found.change == pytest.approx(-0.4, abs=0.06)
    one = np.zeros(1000, dtype=np.int64)
    assert reward_drift(then[:1], one[:1], worse[:1], one[:1]).p == 1.0  # no evidence is none


def test_other_people_are_not_another_world() -> None:
    """Ten people then, ten others now: by rows they would differ surely, by people they need not."""
    rng, called = default_rng(7), 0
    person = np.repeat(np.arange(10), 50)
    for _ in range(100):
        then, now = (0.5 * rng.standard_normal(10)[person] + 0.2 * rng.standard_normal(500) for _ in range(2))
        called += reward_drift(then, person, now, person).alarming
    assert called <= 5


def test_holm_by_hand() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([]) == []
