"""What the sequences stand on, proven by enumeration, not by chance: every path of a small world, weighed."""

from itertools import product

import numpy as np
import pytest

from ml.evaluate import Logged
from ml.evaluate.bernstein import bernstein_evidence
from ml.evaluate.betting import betting_evidence
from ml.evaluate.compare_people import effect_guesses
from ml.evaluate.logged import Ints
from ml.evaluate.outcomes import Outcomes, difference_outcomes, dr_outcomes, ips_outcomes
from ml.policy.base import Floats

ROWS = 9
LOGGING = np.array([0.6, 0.38, 0.02])
TARGET = np.array([0.2, 0.4, 0.4])
CURRENT = np.array([0.3, 0.1, 0.6])
MEAN = np.array([-0.5, 0.2, 0.6])
TRUTH, OTHER = float(TARGET @ MEAN), float(CURRENT @ MEAN)
MODELS = [np.zeros(3), np.array([-0.3, 0.1, -0.8]), np.array([1.0, -1.0, 1.0])]


@pytest.mark.parametrize(
    ("values", "chances"),
    [
        ((0.0, 1.0), (0.5, 0.5)),
        ((0.0, 20.0), (0.96, 0.04)),
        ((0.3, 0.9), (0.9, 0.1)),
        ((0.0, 1.0), (0.01, 0.99)),
    ],
)
def test_no_one_grows_rich_on_a_true_mean(values: tuple[float, float], chances: tuple[float, float]) -> None:
    """The wealth, averaged over all 2⁹ paths with their chances, never passes the stake, after any row."""
    mean = float(np.dot(values, chances))
    wealth = {"bernstein": np.zeros(ROWS), "betting": np.zeros(ROWS)}
    for path in product((0, 1), repeat=ROWS):
        x, weight = np.array(values)[list(path)], float(np.prod(np.array(chances)[list(path)]))
        wealth["bernstein"] += weight * np.exp(bernstein_evidence(x, mean))
        wealth["betting"] += weight * np.exp(betting_evidence(x, mean))
    assert (wealth["bernstein"] <= 1 + 1e-9).all()
    assert wealth["betting"] == pytest.approx(np.ones(ROWS))  # fair, to the cent


def test_nor_on_a_mean_that_depends_on_what_was_seen() -> None:
    """Bernstein's promise under drift: each row's mean follows from the rows before it."""
    total = np.zeros(ROWS)
    for path in product((0.0, 1.0), repeat=ROWS):
        x, before = np.array(path), np.concatenate([[0.0], np.array(path)[:-1]])
        means = np.where(before > 0, 0.8, 0.15)
        total += np.prod(np.where(x > 0, means, 1 - means)) * np.exp(bernstein_evidence(x, means))
    assert (total <= 1 + 1e-9).all()


def every_row() -> tuple[Ints, Floats, Floats]:
    """Each candidate chosen, with each reward of −1 and 1, and the chance of it."""
    chosen, reward = np.repeat(np.arange(3), 2), np.tile([-1.0, 1.0], 3)
    return chosen, reward, LOGGING[chosen] * (1 + reward * MEAN[chosen]) / 2


def judged(target: Floats, model: Floats) -> Logged:
    chosen, reward, _ = every_row()
    n = len(chosen)
    return Logged(
        np.zeros(n, dtype=np.int64), np.arange(float(n)), LOGGING[chosen], target[chosen], reward,
        model[chosen], np.full(n, target @ model)
    )  # fmt: skip


def tail(target: Floats, cap: float) -> Floats:
    return np.full(6, np.maximum(target - cap * LOGGING, 0).sum())


def brackets(outcomes: Outcomes, truth: float) -> bool:
    _, _, chance = every_row()
    assert (outcomes.low >= outcomes.floor - 1e-9).all()
    assert (outcomes.high <= outcomes.ceiling + 1e-9).all()
    return bool(chance @ outcomes.low <= truth + 1e-9 and truth - 1e-9 <= chance @ outcomes.high)


@pytest.mark.parametrize("cap", [0.5, 2.0, 5.0, 25.0])
@pytest.mark.parametrize("model", MODELS, ids=["none", "wrong", "absurd"])
def test_outcomes_bracket_the_truth_at_any_cap(model: Floats, cap: float) -> None:
    new, old = judged(TARGET, model), judged(CURRENT, model)
    tails = (tail(TARGET, cap), tail(CURRENT, cap))
    assert brackets(ips_outcomes(new, cap), TRUTH)
    assert brackets(dr_outcomes(new, cap, tails[0]), TRUTH)
    assert brackets(difference_outcomes(new, old, cap, tails), TRUTH - OTHER)


def test_uncut_they_are_the_truth_and_blind_to_the_tail_they_are_not() -> None:
    _, _, chance = every_row()
    for model in MODELS:
        uncut = dr_outcomes(judged(TARGET, model), 40.0)
        assert chance @ uncut.low == pytest.approx(TRUTH)
        assert chance @ uncut.high == pytest.approx(TRUTH)
    blind = dr_outcomes(judged(TARGET, MODELS[1]), 5.0, np.zeros(6))
    assert not brackets(blind, TRUTH)
    both = (np.zeros(6), np.zeros(6))
    assert not brackets(
        difference_outcomes(judged(TARGET, MODELS[1]), judged(LOGGING, MODELS[1]), 5.0, both),
        TRUTH - float(LOGGING @ MEAN),
    )


@pytest.mark.parametrize("share", [0.05, 0.2, 0.5])
def test_an_effect_is_guessed_right_over_all_assignments(share: float) -> None:
    treated_value, other_value = np.array([0.9, 1.0, -0.2, 0.4]), np.array([0.1, -1.0, 0.3, 0.4])
    average, reach = np.zeros(4), 2 / min(share, 1 - share)
    for assigned in product((False, True), repeat=4):
        treated = np.array(assigned)
        guess = effect_guesses(treated, np.where(treated, treated_value, other_value), share, 0.0)
        assert (abs(guess) <= reach).all()
        average += np.prod(np.where(treated, share, 1 - share)) * guess
    assert average == pytest.approx(treated_value - other_value)
