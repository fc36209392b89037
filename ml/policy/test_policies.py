"""Every policy passes every check, and every check catches a policy broken on purpose."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from numpy.random import Generator, default_rng

from ml.policy import POLICIES, UnknownPolicy, make
from ml.policy import checks as suite
from ml.policy.base import Decision, Floats, State
from ml.policy.checks import CHECKS, Check
from ml.policy.count_state import CountState, counted
from ml.policy.draw import chance_for, draw, rng_for
from ml.policy.finite import bounded
from ml.policy.igw import Igw
from ml.policy.inverse_gap import inverse_gap
from ml.policy.linear import Linear
from ml.policy.random import Random
from ml.policy.sums import Sums, summed
from ml.policy.urgency import WEIGHTS, Urgency

COLUMNS: Mapping[str, int] = {name: i for i, name in enumerate(WEIGHTS)}
D = len(COLUMNS)


@pytest.mark.parametrize("check", CHECKS, ids=lambda c: c.__name__)
@pytest.mark.parametrize("name", sorted(POLICIES))
def test_policy_passes(name: str, check: Check) -> None:
    check(lambda: make(name, D, columns=COLUMNS), D)


class Sharp(Urgency):
    def choose(self, state: State, x: Floats, rng: Generator, t_days: float | None = None) -> Floats:
        p = np.zeros(len(x))
        p[0] = 1.0
        return p


class Unnormalised(Random):
    def choose(self, state: State, x: Floats, rng: Generator, t_days: float | None = None) -> Floats:
        return np.full(len(x), 0.9 / len(x))


class Unseeded(Random):
    def choose(self, state: State, x: Floats, rng: Generator, t_days: float | None = None) -> Floats:
        return default_rng().dirichlet(np.ones(len(x)))


class Fragile(Random):
    def choose(self, state: State, x: Floats, rng: Generator, t_days: float | None = None) -> Floats:
        weights = np.abs(x).sum(axis=1) + 1e-9
        return np.asarray(weights / weights.sum())


class Tilted(Random):
    """Leans on what it counted, so that a wrong count shows in its choice."""

    def choose(self, state: State, x: Floats, rng: Generator, t_days: float | None = None) -> Floats:
        p = np.ones(len(x))
        p[0] += counted(state).rewards
        return np.divide(p, float(p.sum()))


class Forgetful(Tilted):
    def revise(
        self, state: State, x: Floats, old: float | None, new: float | None, t_days: float
    ) -> CountState:
        return counted(state)


class OrderBound(Tilted):
    def update(self, state: State, x: Floats, reward: float, t_days: float) -> CountState:
        return CountState(counted(state).rewards * 2 + (reward > 0))


class LossyState(CountState):
    @classmethod
    def from_bytes(cls, data: bytes) -> Any:
        return CountState(0)


class Overeager(Linear):
    """Counts a late correction as if it were new."""

    def __init__(self, d: int, prior: Any, columns: Mapping[str, int]) -> None:
        super().__init__(d, prior, 30.0, {})

    def choose(self, state: State, x: Floats, rng: Generator, t_days: float | None = None) -> Floats:
        return inverse_gap(bounded(x) @ self._mean(state, t_days))

    def revise(self, state: State, x: Floats, old: float | None, new: float | None, t_days: float) -> Sums:
        return super().revise(state, x, old, new, t_days if old is None else summed(state).last_t)


class Muttering(Urgency):
    def contributions(self, state: State, x: Floats, t_days: float | None = None) -> Floats:
        return x * 2.0


class Lossy(Tilted):
    def fresh(self) -> CountState:
        return LossyState()

    def update(self, state: State, x: Floats, reward: float, t_days: float) -> CountState:
        return LossyState(counted(state).rewards + 1)


class Dishonest(Urgency):
    """Logs its probabilities, then plays the best anyway."""

    def draw(self, logged: Floats, chance: float) -> int:
        return int(np.argmax(logged))


class TwoFaced(Igw):
    """Serves a sharper choice than the one it is judged by."""

    def decide(self, state: State, x: Floats, rng: Generator, t_days: float | None = None) -> Decision:
        p, added, usable = super().decide(state, x, rng, t_days)
        return Decision(p**2 / (p**2).sum(), added, usable)


BROKEN = [
    (suite.sums_to_one, Unnormalised),
    (suite.supports_every_candidate, Sharp),
    (suite.repeats_with_the_same_seed, Unseeded),
    (suite.survives_serialisation, Lossy),
    (suite.refuses_foreign_bytes, Lossy),
    (suite.ignores_order_within_an_instant, OrderBound),
    (suite.undoes_and_corrects, Forgetful),
    (suite.corrects_late_as_if_it_had_known, Overeager),
    (suite.drifts_back_when_idle, Tilted),
    (suite.ignores_the_order_of_candidates, Sharp),
    (suite.explains_in_finite_numbers, Muttering),
    (suite.decides_in_one_pass_what_it_says_in_two, TwoFaced),
    (suite.stays_finite_under_absurd_input, Fragile),
    (suite.share_equals_logged_probability, Dishonest),
]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("check", "broken"), BROKEN, ids=lambda v: v.__name__)
def test_check_catches_a_broken_policy(check: Check, broken: Any) -> None:
    with pytest.raises(AssertionError):
        check(lambda: broken(d=D, prior=None, columns=COLUMNS), D)


def test_every_check_has_a_broken_policy() -> None:
    assert {check for check, _ in BROKEN} == set(CHECKS)


def test_counts_are_order_free_and_undone_to_the_byte() -> None:
    policy, x = make("random", D), np.zeros(D)
    one = policy.update(policy.update(policy.fresh(), x, 1.0, 0.0), x, -1.0, 0.0)
    other = policy.update(policy.update(policy.fresh(), x, -1.0, 0.0), x, 1.0, 0.0)
    assert one.to_bytes() == other.to_bytes() == CountState(2).to_bytes()
    assert policy.revise(one, x, 1.0, None, 0.0).to_bytes() == CountState(1).to_bytes()
    assert policy.revise(one, x, 1.0, 0.5, 0.0).to_bytes() == one.to_bytes()
    assert policy.revise(policy.fresh(), x, 1.0, None, 0.0).to_bytes() == CountState(0).to_bytes()


def test_unknown_policy_is_a_clear_error() -> None:
    with pytest.raises(
        UnknownPolicy, match=r"no policy named 'psychic'; use one of: hb_ts, igw, .*, urgency"
    ):
        make("psychic", 3)


def test_bad_settings_are_refused() -> None:
    with pytest.raises(ValueError, match="epsilon"):
        make("urgency", 3, epsilon=0.0)
    with pytest.raises(ValueError, match="outside"):
        make("urgency", 2, columns={"overdue": 5})
    with pytest.raises(ValueError, match="at least one"):
        make("random", 0)


def test_urgency_prefers_the_late_task_and_explores_a_tenth() -> None:
    policy = make("urgency", D, columns=COLUMNS)
    x = np.zeros((4, D))
    x[2, COLUMNS["overdue"]] = 1.0
    p = policy.choose(policy.fresh(), x, default_rng(0))
    assert p[2] == pytest.approx(0.925)
    assert p[[0, 1, 3]] == pytest.approx([0.025] * 3)


def test_urgency_splits_ties_evenly_and_lives_without_columns() -> None:
    p = make("urgency", 3).choose(CountState(), np.eye(3), default_rng(0))
    assert p == pytest.approx([1 / 3] * 3)


def test_a_draw_is_repeatable_per_decision_and_purpose() -> None:
    p = np.full(64, 1 / 64)
    picks = {purpose: draw(p, chance_for("d1", purpose)) for purpose in ("draw", "a", "b", "c")}
    assert picks["draw"] == draw(p, chance_for("d1", "draw"))
    assert len({*picks.values(), draw(p, chance_for("d2", "draw"))}) > 1


def test_the_impossible_is_never_drawn() -> None:
    p = np.array([0.0, 0.5, 0.0, 0.5, 0.0])
    assert {draw(p, chance_for(str(i), "draw")) for i in range(200)} == {1, 3}
    with pytest.raises(ValueError, match="no candidates"):
        draw(np.zeros(0), 0.5)


def test_chances_and_streams_are_even_and_apart() -> None:
    chances = np.array([chance_for(f"d{i}", "draw") for i in range(4000)])
    others = np.array([chance_for(f"d{i}", "other") for i in range(4000)])
    counts = np.bincount((chances * 10).astype(int), minlength=10)
    assert float(((counts - 400) ** 2 / 400).sum()) < 33.8  # χ², 9 degrees, 99.99 %
    assert abs(float(np.corrcoef(chances, others)[0, 1])) < 0.06
    assert rng_for("d1", "a").random() == rng_for("d1", "a").random() != rng_for("d1", "b").random()


@pytest.mark.parametrize("chance", [0.0, 0.5, 1 - 2.0**-53])
def test_every_chance_lands_on_a_candidate(chance: float) -> None:
    for k in (1, 3, 7, 64):
        assert 0 <= draw(np.full(k, 1 / k), chance) < k
