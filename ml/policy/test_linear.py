"""The policies hb_ts is measured against are what their names say."""

from typing import Any

import numpy as np
import pytest
from numpy.random import default_rng

from ml.policy import Explains, Policy, Prior, State, make
from ml.policy.base import Floats
from ml.policy.inverse_gap import inverse_gap
from ml.policy.linucb5 import FIVE

NAMES = (*FIVE, "effort", "times_shown")
COLUMNS = {name: at for at, name in enumerate(NAMES)}
D = len(NAMES)
BLOCK = default_rng(1).uniform(0, 1, size=(6, D))


def lived(policy: Policy, columns: int = D, beyond: int = 0) -> tuple[State, Floats, Floats]:
    """Thirty rewards of one day; what lies beyond `columns` differs by `beyond`."""
    rng, state = default_rng(4), policy.fresh()
    x, r = rng.uniform(0, 1, size=(30, D)), rng.uniform(-1, 1, size=30)
    x[:, columns:] = default_rng(beyond).uniform(0, 1, size=(30, D - columns))
    for row, reward in zip(x, r, strict=True):
        state = policy.update(state, row, float(reward), 1.0)
    return state, x, r


def ridge(x: Floats, r: Floats) -> tuple[Floats, Floats]:
    """Mean and covariance at τ² = σ² = 0.25, the classic ridge of one."""
    cov = np.linalg.inv(np.eye(x.shape[1]) + x.T @ x)
    return cov @ x.T @ r, np.asarray(cov * 0.25, dtype=np.float64)


def test_linucb_takes_the_best_upper_bound() -> None:
    policy = make("linucb", D, alpha=0.7, epsilon=0.06)
    state, x, r = lived(policy)
    theta, cov = ridge(x, r)
    bounds = BLOCK @ theta + 0.7 * np.sqrt(np.einsum("ki,ij,kj->k", BLOCK, cov, BLOCK))
    p = policy.choose(state, BLOCK, default_rng(0), 1.0)
    assert p[bounds.argmax()] == pytest.approx(0.94 + 0.01)
    assert np.delete(p, bounds.argmax()) == pytest.approx([0.01] * 5)
    assert isinstance(policy, Explains)
    assert policy.contributions(state, BLOCK, 1.0).sum(axis=1) == pytest.approx(bounds, abs=1e-5)


def test_igw_weighs_the_gaps_of_the_ridge_mean() -> None:
    policy = make("igw", D, gamma=40.0)
    state, x, r = lived(policy)
    expected = inverse_gap(BLOCK @ ridge(x, r)[0], 40.0)
    assert policy.choose(state, BLOCK, default_rng(0), 1.0) == pytest.approx(expected)


def test_lints_is_hb_ts_untempered_and_alone() -> None:
    alone, pooled = make("lints", D), make("hb_ts", D, v=1.0, ripe=0.0)
    state, *_ = lived(alone)
    left = alone.choose(state, BLOCK, default_rng(5), 3.0)
    assert (left == pooled.choose(state, BLOCK, default_rng(5), 3.0)).all()


def test_the_baseline_of_old_sees_five_features_of_which_two_say_nothing() -> None:
    policy = make("linucb5", D, columns=COLUMNS)
    state, *_ = lived(policy, columns=5)
    same, *_ = lived(policy, columns=5, beyond=1)
    assert state.to_bytes() == same.to_bytes()
    block = BLOCK.copy()
    block[:, 3:5] = 0.4
    p = policy.choose(state, block, default_rng(0), 1.0)
    block[:, 5:] = 0.9
    assert (p == policy.choose(state, block, default_rng(0), 1.0)).all()
    assert isinstance(policy, Explains)
    assert (policy.contributions(state, block, 1.0)[:, 5:] == 0).all()


def test_the_baseline_of_old_works_with_what_there_is() -> None:
    none, one = make("linucb5", D), make("linucb5", D, columns={"age": 1})
    for policy in (none, one):
        state, *_ = lived(policy)
        assert policy.choose(state, BLOCK, default_rng(0), 1.0).sum() == pytest.approx(1)
    wild = np.full((3, D), np.inf)
    assert none.choose(none.fresh(), wild, default_rng(0)) == pytest.approx([1 / 3] * 3)
    with pytest.raises(ValueError, match="outside"):
        make("linucb5", 1, columns={"age": 1})


def test_one_reward_that_is_no_number_does_not_spoil_a_person() -> None:
    policy = make("igw", D)
    state, *_ = lived(policy)
    spoilt = policy.update(state, BLOCK[0], float("nan"), 1.0)
    assert policy.choose(spoilt, BLOCK, default_rng(0), 1.0).sum() == pytest.approx(1)
    assert policy.update(state, BLOCK[0], 1e300, 1.0).to_bytes() != state.to_bytes()


def test_a_given_prior_is_named_and_used() -> None:
    prior = Prior(np.linspace(0.0, 0.1 * (D - 1), D), np.eye(D) * 0.04, 0.25, "p7")
    for name in ("linucb", "lints", "igw"):
        policy = make(name, D, prior)
        assert policy.version == "1+p7"
        assert isinstance(policy, Explains)
        added = policy.contributions(policy.fresh(), BLOCK)
        assert added[:, 5] == pytest.approx(BLOCK[:, 5] * 0.5) or name == "linucb"


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("linucb", {"alpha": -1.0}),
        ("linucb", {"epsilon": 0.0}),
        ("lints", {"draws": 0}),
        ("igw", {"gamma": -1.0}),
    ],
)
def test_bad_settings_are_refused(name: str, settings: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(settings))):
        make(name, D, **settings)
