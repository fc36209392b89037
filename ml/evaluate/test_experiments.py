"""What experiments lean on: groups of the planned size, and comparisons by seed."""

import numpy as np
import pytest
from numpy.random import default_rng

from ml.evaluate.paired import paired_t, wilcoxon
from ml.evaluate.sample_ratio import sample_ratio, sample_ratio_anytime


def test_the_ratio_by_hand() -> None:
    assert sample_ratio([60, 40], [0.5, 0.5]) == pytest.approx(0.0455003, abs=1e-6)  # χ² = 4
    assert sample_ratio([0, 0], [0.5, 0.5]) == 1.0
    # one person each: (100 / 200) / ½ = 1, then (100 / 201) / ½ for the other group
    assert sample_ratio_anytime(np.array([0, 1]), [0.5, 0.5]) == pytest.approx([1.0, 1.0])
    # and for the same group again and again the capital grows
    assert sample_ratio_anytime(np.array([0, 0]), [0.5, 0.5])[1] == pytest.approx(100.5 / 101)


def test_a_true_plan_survives_constant_looking_and_the_plain_check_does_not() -> None:
    rng, called, naive = default_rng(1), 0, 0
    for _ in range(2000):
        group = (rng.random(1000) < 0.1).astype(np.int64)
        called += sample_ratio_anytime(group, [0.9, 0.1])[-1] < 0.05
        seen, n = np.cumsum(group)[50:], np.arange(51, 1001)
        naive += bool((abs(seen - 0.1 * n) > 1.96 * np.sqrt(0.09 * n)).any())
    assert called <= 100
    assert naive > 500


def test_a_leaking_group_is_found() -> None:
    group = (default_rng(2).random(20_000) < 0.185).astype(np.int64)  # meant to be 0.2
    p = sample_ratio_anytime(group, [0.8, 0.2])
    assert p[-1] < 0.001
    assert (np.diff(p) <= 0).all()
    assert sample_ratio(np.bincount(group).tolist(), [0.8, 0.2]) < 1e-5


@pytest.mark.parametrize("shares", [[1.0], [0.5, 0.6], [1.0, 0.0]])
def test_a_plan_must_be_one(shares: list[float]) -> None:
    with pytest.raises(ValueError, match="sum to 1"):
        sample_ratio_anytime(np.array([0]), shares)
    with pytest.raises(ValueError, match="has no share"):
        sample_ratio_anytime(np.array([2]), [0.5, 0.5])


def test_paired_t_by_hand() -> None:
    found = paired_t(np.array([1.0, 2.0, 3.0]))  # se = 1/√3, t = 3.4641, 2 degrees
    assert (found.mean, found.n) == (2.0, 3)
    assert found.p == pytest.approx(0.0741799, abs=1e-6)
    assert found.high - found.mean == pytest.approx(4.302653 / np.sqrt(3), rel=1e-6)
    assert paired_t(np.array([1.0])).p == 1.0
    assert (paired_t(np.zeros(5)).p, paired_t(np.ones(5)).p) == (1.0, 0.0)


def test_wilcoxon_by_hand() -> None:
    assert wilcoxon(np.array([1.0, 2.0, 3.0, 4.0, 5.0])) == 2 / 32
    assert (
        wilcoxon(np.array([1.0, 2.0, 3.0, 4.0, -5.0])) == 2 * 10 / 32
    )  # sums ≤ 5 of {1…5}: 1 + 1+1+1+2+2+… = 10
    assert wilcoxon(np.array([0.0, 1.0, 1.0, 0.0])) == 0.5
    assert wilcoxon(np.array([1.0, 1.0, -2.0, 3.0])) == 2 * 5 / 16  # ranks 1½ 1½ 3 4
    assert wilcoxon(np.zeros(3)) == 1.0


def test_both_are_right_as_often_as_they_say() -> None:
    rng = default_rng(3)
    lives = rng.standard_normal((2000, 20))
    assert (np.array([paired_t(d).p for d in lives]) < 0.05).mean() == pytest.approx(0.05, abs=0.015)
    assert 0.03 < (np.array([wilcoxon(d) for d in lives]) < 0.05).mean() <= 0.06
    assert np.mean([wilcoxon(d + 1) < 0.01 for d in lives[:200]]) > 0.8


def test_exact_and_approximate_meet() -> None:
    lives = default_rng(4).standard_normal((100, 30))
    exact, approximate = (np.array([wilcoxon(d, limit) for d in lives]) for limit in (60, 0))
    common = exact > 0.02
    assert approximate[common] == pytest.approx(exact[common], abs=0.006)
