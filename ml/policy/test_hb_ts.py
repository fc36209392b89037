"""hb_ts: the posterior is the formula, the draws are tempered, and each guarantee is held."""

from typing import Any

import numpy as np
import pytest
from numpy.random import default_rng

from ml.policy import OutlivesItsPrior, Prior, make
from ml.policy.base import Floats
from ml.policy.hb_ts import HbTs
from ml.policy.inverse_gap import inverse_gap
from ml.policy.posterior import Assumed
from ml.policy.sums import Sums
from ml.policy.thompson import drawn_scores

NAMES = ("intercept", "overdue", "times_shown", "kind_recent", "dose_todo", "effort")
COLUMNS = {name: at for at, name in enumerate(NAMES)}
D = len(NAMES)


def a_prior(seed: int = 2) -> Prior:
    rng = default_rng(seed)
    root = rng.normal(size=(D, D)) * 0.2
    return Prior(rng.normal(size=D) * 0.3, root @ root.T + np.eye(D) * 0.05, 0.3, "made-up")


def hb(**settings: Any) -> HbTs:
    return HbTs(D, settings.pop("prior", a_prior()), COLUMNS, **settings)


def lived(policy: HbTs, n: int = 40, seed: int = 6) -> tuple[Sums, Floats, Floats, Floats]:
    rng = default_rng(seed)
    x, r = rng.uniform(0, 1, size=(n, D)), rng.uniform(-1, 1, size=n)
    days, state = np.sort(rng.uniform(0, 60, size=n)), policy.fresh()
    for row, reward, day in zip(x, r, days, strict=True):
        state = policy.update(state, row, float(reward), float(day))
    return state, x, r, days


def by_the_book(prior: Prior, x: Floats, r: Floats, age_days: Floats) -> Floats:
    """θ̂ from the rows themselves, each weighed by its age."""
    weight = 2.0 ** (-age_days / 30.0) / prior.noise_var
    precision = np.linalg.inv(prior.cov)
    a = precision + (x * weight[:, None]).T @ x
    return np.asarray(np.linalg.solve(a, precision @ prior.mean + x.T @ (weight * r)))


def test_the_posterior_is_the_one_of_the_specification() -> None:
    policy = hb()
    state, x, r, days = lived(policy)
    theta = by_the_book(a_prior(), x, r, 75.0 - days)
    block = default_rng(1).uniform(0, 1, size=(5, D))
    assert policy.contributions(state, block, 75.0) == pytest.approx(block * theta, abs=1e-6)


@pytest.mark.parametrize("k", [1, D, D + 1, 20, 21, 70])
def test_every_way_to_the_scores_is_the_formula(k: int) -> None:
    """Few candidates, more than columns, more than draws."""
    state, *_ = lived(hb())
    posterior = Assumed.of(a_prior(), D).read(state, 75.0)
    x, z = default_rng(k).uniform(0, 1, size=(k, D)), default_rng(1).normal(size=(20, D))
    spread = np.linalg.inv(np.linalg.cholesky(posterior.a)).T
    theta = np.linalg.solve(posterior.a, posterior.b) + 0.25 * z @ spread.T
    assert drawn_scores(posterior, x, z, 0.25) == pytest.approx(theta @ x.T)


@pytest.mark.parametrize("ripe", [0.0, 40.0])
@pytest.mark.parametrize("k", [2, D, D + 1, 3 * D])
def test_draws_are_spread_as_the_posterior_times_v_once_a_person_is_known(k: int, ripe: float) -> None:
    """Against scores from N(xθ̂, v²n/(n + ripe) x A⁻¹ x') the long way, for few candidates and for many."""
    policy = hb(v=0.7, ripe=ripe, draws=4000, epsilon=1e-9)
    state, x, r, days = lived(policy)
    weight = 2.0 ** (-(75.0 - days) / 30.0) / a_prior().noise_var
    n = float((weight * a_prior().noise_var).sum())
    cov = np.linalg.inv(np.linalg.inv(a_prior().cov) + (x * weight[:, None]).T @ x)
    block = default_rng(k).uniform(0, 1, size=(k, D))
    theta = default_rng(7).multivariate_normal(
        by_the_book(a_prior(), x, r, 75.0 - days), 0.49 * n / (n + ripe) * cov, 40_000
    )
    long_way = np.bincount((theta @ block.T).argmax(axis=1), minlength=k) / 40_000
    rng = default_rng(3)
    short_way = np.mean([policy.choose(state, block, rng, 75.0) for _ in range(10)], axis=0)
    assert short_way == pytest.approx(long_way, abs=0.015)


def test_without_v_it_is_greedy_above_the_floor() -> None:
    policy = hb(v=0.0)
    state, *_ = lived(policy)
    block = default_rng(9).uniform(0, 1, size=(8, D))
    p = policy.choose(state, block, default_rng(0), 61.0)
    best = int(policy.contributions(state, block, 61.0).sum(axis=1).argmax())
    assert p[best] == pytest.approx(0.98 + 0.02 / 8)
    assert np.delete(p, best) == pytest.approx([0.02 / 8] * 7)


def test_of_somebody_new_it_is_the_best_guess_and_then_more_and_more_open() -> None:
    block, most = default_rng(9).uniform(0, 1, size=(8, D)), []
    for n in (0, 5, 40):
        state, *_ = lived(hb(v=1.0), n) if n else (hb().fresh(),)
        p = [hb(v=1.0).choose(state, block, default_rng(s), 61.0) for s in range(30)]
        most.append(float(np.mean(p, axis=0).max()))
    assert most[0] == pytest.approx(0.98 + 0.02 / 8)
    assert most[0] > most[1] > most[2]


def test_everyone_has_the_floor_and_no_less() -> None:
    for k in (2, 7, 64):
        p = hb().choose(hb().fresh(), default_rng(k).uniform(0, 1, size=(k, D)), default_rng(1))
        assert p.min() >= 0.02 / k - 1e-15


def test_equals_share_evenly() -> None:
    policy, block = hb(v=0.0, draws=20_000), np.full((4, D), 0.5)
    assert policy.choose(policy.fresh(), block, default_rng(1)) == pytest.approx([0.25] * 4, abs=0.02)


def test_an_idle_person_drifts_back_to_the_prior() -> None:
    policy = hb()
    state, *_ = lived(policy)
    block = default_rng(1).uniform(0, 1, size=(5, D))
    fresh = policy.contributions(policy.fresh(), block)
    gaps = [np.abs(policy.contributions(state, block, 60.0 + idle) - fresh).max() for idle in (0, 60, 600)]
    assert gaps[0] > gaps[1] > gaps[2]
    assert policy.contributions(state, block, 2000.0) == pytest.approx(fresh, abs=1e-9)


@pytest.mark.parametrize("damage", [np.nan, np.inf, -1e9])
def test_a_posterior_that_cannot_be_used_falls_back_to_the_population(damage: float) -> None:
    policy, sums = hb(), Sums.empty(D)
    sums.s[0] = damage
    bad, block = Sums(sums.s, sums.c, 1.0, 1.0, 0.0), default_rng(1).uniform(0, 1, size=(5, D))
    p = policy.choose(bad, block, default_rng(1), 0.0)
    assert p == pytest.approx(inverse_gap(block @ a_prior().mean))
    assert policy.contributions(bad, block, 0.0) == pytest.approx(block * a_prior().mean)


def test_inverse_gaps_are_the_closed_form() -> None:
    p = inverse_gap(np.array([0.1, 0.3, 0.2]))
    assert p[[0, 2]] == pytest.approx([1 / (3 + 150 * 0.2), 1 / (3 + 150 * 0.1)])
    assert p.sum() == pytest.approx(1)
    assert inverse_gap(np.array([0.5, 0.1, 0.5]))[[0, 2]] == pytest.approx([0.5 - 0.5 / 63] * 2)


def test_the_version_names_the_prior_and_the_settings_the_state_only_its_half_life() -> None:
    assert hb().version == "1+made-up"
    assert hb(v=1.0, draws=16).version == "1,draws=16,v=1.0+made-up"
    policy = hb(half_life_days=14.0)
    assert isinstance(policy, OutlivesItsPrior)
    assert policy.state_version == "1,half_life_days=14.0"
    assert hb(v=1.0).state_version == hb(prior=None).state_version == "1"


def test_bad_settings_and_priors_are_refused() -> None:
    for settings in ({"v": -1.0}, {"ripe": -1.0}, {"draws": 0}, {"epsilon": 0.0}, {"half_life_days": 0.0}):
        with pytest.raises(ValueError, match=next(iter(settings)).split("_")[0]):
            hb(**settings)
    with pytest.raises(ValueError, match="columns"):
        make("hb_ts", D + 1, a_prior())
    with pytest.raises(ValueError, match="positive definite"):
        hb(prior=Prior(np.zeros(D), -np.eye(D), 0.25, "p"))
    with pytest.raises(ValueError, match="noise"):
        hb(prior=Prior(np.zeros(D), np.eye(D), 0.0, "p"))
