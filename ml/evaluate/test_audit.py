"""The audit passes honest logs and catches each way we know to log a probability that is not the true one."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.random import Generator, default_rng

from ml.evaluate import Candidates
from ml.evaluate.audit import audit, audit_each
from ml.evaluate.collapse import collapse, kind_days
from ml.evaluate.logged import Ints
from ml.evaluate.made_up import draw_rows, softmax
from ml.evaluate.surprise import surprise
from ml.policy.base import Floats

K = 8
Chooser = Callable[[Generator, Floats], Ints]


def log_of(rng: Generator, n: int, choose: Chooser, heat: float = 0.5) -> Candidates:
    """n decisions over 1…8 candidates each; `choose` sees the logged probabilities (padded with zeros)."""
    sizes = rng.integers(1, K + 1, size=n)
    there = np.arange(K) < sizes[:, None]
    p = softmax(np.where(there, rng.uniform(0, 1, (n, K)), -1e9), heat)
    p = np.where(there, 0.98 * p + 0.02 / sizes[:, None], 0.0)
    return Candidates(sizes, choose(rng, p), p[there])


def honest(rng: Generator, p: Floats) -> Ints:
    return draw_rows(rng, p)


def the_best(rng: Generator, p: Floats) -> Ints:
    best: Ints = p.argmax(axis=1)
    return best


def mostly_the_best(rng: Generator, p: Floats) -> Ints:
    return np.where(rng.random(len(p)) < 0.2, p.argmax(axis=1), draw_rows(rng, p))


def too_hot(rng: Generator, p: Floats) -> Ints:
    return draw_rows(rng, np.where(p > 0, p**0.5, 0.0))


def uniform_instead(rng: Generator, p: Floats) -> Ints:
    return draw_rows(rng, (p > 0).astype(np.float64))


def first_too_often(rng: Generator, p: Floats) -> Ints:
    return np.where(rng.random(len(p)) < 0.1, 0, draw_rows(rng, p))


def without_the_floor(rng: Generator, p: Floats) -> Ints:
    return draw_rows(rng, np.where(p < 0.01, 0.0, p))


def test_an_honest_log_passes_as_often_as_it_should() -> None:
    rng = default_rng(1)
    p = np.array([audit(log_of(rng, 300, honest)).p for _ in range(400)])
    assert (p < 0.05).mean() <= 0.06
    assert (p < 0.001).sum() <= 2
    assert audit(log_of(rng, 30_000, honest)).honest


@pytest.mark.parametrize(
    ("choose", "n"),
    [
        (the_best, 60),
        (mostly_the_best, 1500),
        (too_hot, 3000),
        (uniform_instead, 800),
        (first_too_often, 1500),
    ],
)
def test_a_false_propensity_is_caught(choose: Chooser, n: int) -> None:
    assert not audit(log_of(default_rng(5), n, choose)).honest


def test_a_nearly_flat_softmax_over_an_argmax_is_caught_by_rank() -> None:
    """Sizes hardly differ, so only the rank within the decision gives it away."""
    found = audit(log_of(default_rng(5), 200, the_best, heat=20.0))
    assert not found.honest
    assert found.p_by_rank < 1e-6


def test_a_floor_that_is_logged_but_not_drawn_is_caught() -> None:
    assert audit(log_of(default_rng(5), 3000, honest, heat=0.08)).honest
    assert not audit(log_of(default_rng(5), 3000, without_the_floor, heat=0.08)).honest


def test_each_policy_answers_for_itself() -> None:
    rng = default_rng(2)
    one, other = log_of(rng, 400, honest), log_of(rng, 400, the_best)
    both = Candidates(
        np.concatenate([one.sizes, other.sizes]),
        np.concatenate([one.chosen, other.chosen]),
        np.concatenate([one.logged_p, other.logged_p]),
    )
    found = audit_each(both, ["hb_ts"] * 400 + ["greedy"] * 400)
    assert {name: a.honest for name, a in found.items()} == {"hb_ts": True, "greedy": False}
    assert found["hb_ts"] == audit(one)


def test_what_had_no_chance_cannot_be_chosen() -> None:
    assert not audit(Candidates(np.array([2]), np.array([0]), np.array([0.0, 1.0]))).honest
    assert audit(Candidates(np.array([1, 1]), np.array([0, 0]), np.ones(2))).p == 1.0
    assert audit(log_of(default_rng(1), 0, honest)).honest


def test_surprise_by_hand() -> None:
    log = Candidates(np.array([2, 2]), np.array([0, 1]), np.array([0.8, 0.2, 0.8, 0.2]))
    found = surprise(log)
    assert found.seen == pytest.approx((-np.log(0.8) - np.log(0.2)) / 2)
    assert found.implied == pytest.approx(-0.8 * np.log(0.8) - 0.2 * np.log(0.2))
    assert found.full == pytest.approx(np.log(2))
    # each has variance 0.16·ln² 4
    assert found.z == pytest.approx((2 * found.seen - 2 * found.implied) / np.sqrt(2 * 0.16) / np.log(4))


def test_collapse_is_called_in_its_three_forms_and_not_otherwise() -> None:
    rng = default_rng(3)
    day, mixed = np.repeat(np.arange(20), 50), rng.integers(4, size=1000)
    assert not collapse(log_of(rng, 1000, honest), day, mixed).alarming
    assert collapse(log_of(rng, 1000, the_best), day, mixed).narrower_than_logged
    sharp = np.tile([0.999, 0.001], 1000)
    assert collapse(Candidates(np.full(1000, 2), np.zeros(1000, dtype=np.int64), sharp), day, mixed).narrow
    one_kind = np.where((day == 7) & (rng.random(1000) < 0.97), 2, mixed)
    found = collapse(log_of(rng, 1000, honest), day, one_kind)
    assert [(k.day, k.kind) for k in found.one_kind] == [(7, 2)]


def test_two_tips_of_one_kind_are_no_day() -> None:
    (day,) = kind_days(np.array([1, 1]), np.array([3, 3]))
    assert (day.share, day.n) == (1.0, 2)
    assert day.at_least < 0.5
