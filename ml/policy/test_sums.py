"""Sums under forgetting: exact in bytes, halved in a month, and the policy on them passes every check."""

import numpy as np
import pytest
from numpy.random import default_rng

from ml.policy.checks import CHECKS, Check
from ml.policy.forgetful import Forgetful
from ml.policy.sums import HALF_LIFE_DAYS, Sums

D = 5


def lived(order: list[int]) -> Sums:
    rng, state = default_rng(4), Sums.empty(D)
    terms = [(rng.uniform(-1, 1, size=D), float(rng.uniform(-1, 1)), float(day)) for day in range(12)]
    for at in order:
        x, reward, t_days = terms[at]
        state = state.revised(x, None, reward, t_days)
    return state


@pytest.mark.parametrize("check", CHECKS, ids=lambda c: c.__name__)
def test_a_policy_on_sums_passes(check: Check) -> None:
    check(lambda: Forgetful(D), D)


def test_the_sums_are_what_they_say() -> None:
    x, y = default_rng(1).uniform(-1, 1, size=(2, D))
    sums = Sums.empty(D).revised(x, None, 1.0, 3.0).revised(y, None, -0.5, 3.0 + HALF_LIFE_DAYS)
    assert sums.matrix() == pytest.approx(0.5 * np.outer(x, x) + np.outer(y, y))
    assert sums.c == pytest.approx(0.5 * x - 0.5 * y)
    assert (sums.q, sums.n) == pytest.approx((0.5 + 0.25, 1.5))


def test_order_and_time_leave_their_mark_in_the_bytes() -> None:
    inorder, shuffled = lived(list(range(12))), lived([3, 1, 0, 2, *range(4, 12)])
    assert inorder.to_bytes() == lived(list(range(12))).to_bytes()
    assert inorder.to_bytes() != shuffled.to_bytes()
    assert shuffled.matrix() == pytest.approx(inorder.matrix())


def test_going_through_bytes_between_steps_changes_nothing() -> None:
    rng, kept, stored = default_rng(4), Sums.empty(D), Sums.empty(D)
    for day in range(12):
        x, reward = rng.uniform(-1, 1, size=D), float(rng.uniform(-1, 1))
        kept = kept.revised(x, None, reward, float(day))
        stored = Sums.from_bytes(stored.revised(x, None, reward, float(day)).to_bytes())
    assert kept.to_bytes() == stored.to_bytes()


def test_what_never_meets_takes_a_bit() -> None:
    """A task has one half of these columns and a tip the other, as most have of oO's."""
    rng, state, half = default_rng(2), Sums.empty(37), np.arange(37) < 18
    for day in range(100):
        x = rng.uniform(-1, 1, size=37) * (half if day % 2 else ~half)
        state = state.revised(x, None, float(rng.uniform(-1, 1)), float(day))
    assert len(state.to_bytes()) <= 2_500
    again = Sums.from_bytes(state.to_bytes())
    assert (again.s == state.s).all()
    assert (again.c == state.c).all()


@pytest.mark.parametrize("cut", [0, 1, 30, 35, 60, -1])
def test_bytes_that_are_not_whole_are_refused(cut: int) -> None:
    whole = lived(list(range(12))).to_bytes()
    with pytest.raises(ValueError, match="bytes"):
        Sums.from_bytes(whole[:cut])


def test_seven_digits_are_enough_for_a_life_with_corrections() -> None:
    """Three years, five rewards a day, every third corrected a day later, against the sum in one go."""
    rng, state, n = default_rng(9), Sums.empty(D), 5 * 365 * 3
    x, days = rng.uniform(-1, 1, size=(n, D)), np.arange(n) / 5
    first, last = rng.uniform(-1, 1, size=(2, n))
    last[np.arange(n) % 3 > 0] = first[np.arange(n) % 3 > 0]
    for at in range(n):
        state = state.revised(x[at], None, float(first[at]), float(days[at]))
        if at >= 5 and (at - 5) % 3 == 0:
            state = state.revised(x[at - 5], float(first[at - 5]), float(last[at - 5]), float(days[at - 5]))
    weight = 2.0 ** (-(days[-1] - days) / HALF_LIFE_DAYS)
    known = np.where(np.arange(n) < n - 5, last, first)
    s, c = (x * weight[:, None]).T @ x, x.T @ (weight * known)
    theta = np.linalg.solve(np.eye(D) + s, c)
    assert np.linalg.solve(np.eye(D) + state.matrix(), state.c) == pytest.approx(theta, abs=1e-6)
