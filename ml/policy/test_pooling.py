"""The pooled prior: it finds a known population, helps most where there is least, forgets who has left."""

import numpy as np
import pytest
from numpy.random import Generator, default_rng

from ml.policy import Prior, make
from ml.policy.base import Floats
from ml.policy.pooling import NOISE_WEIGHT, START_PEOPLE, PriorSums, gather, pooled, solve
from ml.policy.posterior import Assumed, flat, mean
from ml.policy.sums import Sums

D = 5
MEAN = np.array([0.4, -0.3, 0.2, 0.0, -0.5])
COV = np.diag([0.05, 0.02, 0.08, 0.02, 0.03]) + 0.015
NOISE = 0.3


def person(n: int, rng: Generator) -> tuple[Sums, Floats]:
    """n rewards of somebody of this population, and who they are."""
    theta = rng.multivariate_normal(MEAN, COV)
    x = rng.uniform(-1, 1, size=(n, D))
    r = x @ theta + rng.normal(size=n) * NOISE**0.5
    return Sums((x.T @ x)[np.triu_indices(D)], x.T @ r, float(r @ r), float(n), 0.0), theta


def people(u: int, n: int, seed: int = 3) -> list[Sums]:
    rng = default_rng(seed)
    return [person(n, rng)[0] for _ in range(u)]


def test_it_finds_a_population_it_was_not_told() -> None:
    prior = pooled(flat(D), people(600, 30))
    assert prior.mean == pytest.approx(MEAN, abs=0.05)
    assert np.diag(prior.cov) == pytest.approx(np.diag(COV), abs=0.02)
    assert prior.noise_var == pytest.approx(NOISE, abs=0.02)
    assert prior.version.startswith("pooled-")


def test_the_fewer_the_rewards_the_more_it_helps() -> None:
    prior, alone = Assumed.of(pooled(flat(D), people(300, 30)), D), Assumed.of(flat(D), D)
    gains = []
    for n in (2, 8, 32, 128):
        rng, off = default_rng(n), np.zeros(2)
        for _ in range(150):
            sums, theta = person(n, rng)
            off += [np.square(mean(one.read(sums, None)) - theta).sum() for one in (alone, prior)]
        gains.append((off[0] - off[1]) / 150)
    assert gains == sorted(gains, reverse=True)
    assert gains[0] > 10 * gains[-1] > 0


def test_a_round_is_the_one_that_is_written_down() -> None:
    some, start = [one.at(9.0) for one in people(4, 12)], flat(D)
    s2, precision = start.noise_var, np.linalg.inv(start.cov)
    v = [np.linalg.inv(precision + one.matrix() / s2) for one in some]
    m = [vu @ (precision @ start.mean + one.c / s2) for vu, one in zip(v, some, strict=True)]
    mu = (np.sum(m, axis=0) + START_PEOPLE * start.mean) / (4 + START_PEOPLE)
    around = sum(vu + np.outer(mu_ - mu, mu_ - mu) for vu, mu_ in zip(v, m, strict=True))
    off = mu - start.mean
    cov = (around + START_PEOPLE * np.outer(off, off) + (D + 2) * start.cov) / (4 + D + 2)
    residual = sum(
        one.q - 2 * mu_ @ one.c + mu_ @ one.matrix() @ mu_ + np.trace(one.matrix() @ vu)
        for one, mu_, vu in zip(some, m, v, strict=True)
    )
    noise = (residual + NOISE_WEIGHT * s2) / (sum(one.n for one in some) + NOISE_WEIGHT)
    prior = solve(gather(some, start, 9.0), start, start)
    assert prior.mean == pytest.approx(mu)
    assert prior.cov == pytest.approx(cov)
    assert prior.noise_var == pytest.approx(noise)


def test_workers_add_up() -> None:
    some, start = people(700, 5), flat(D)
    whole, parts = gather(some, start, 40.0), PriorSums.nothing(D)
    for at in range(0, 700, 100):
        parts += gather(some[at : at + 100], start, 40.0)
    assert parts.people == whole.people == 700
    assert parts.rewards == pytest.approx(whole.rewards)
    assert solve(parts, start, start).mean == pytest.approx(solve(whole, start, start).mean)
    assert solve(parts, start, start).cov == pytest.approx(solve(whole, start, start).cov)
    assert whole.means.size + whole.squares.size + 2 == D * D + D + 2


def test_whoever_left_leaves_no_trace() -> None:
    some = people(40, 20)
    left, never = make("hb_ts", D), make("hb_ts", D)
    left.fit_prior(some, 1.0)
    with_them = left.version
    left.fit_prior(some[1:], 1.0)
    never.fit_prior(some[1:], 1.0)
    block = default_rng(1).uniform(0, 1, size=(6, D))
    assert left.version == never.version != with_them
    assert (
        left.choose(left.fresh(), block, default_rng(2)) == never.choose(never.fresh(), block, default_rng(2))
    ).all()


def test_nobody_and_the_untaught_change_nothing() -> None:
    policy = make("hb_ts", D)
    for nobody in ([], [Sums.empty(D)], people(3, 20)):
        policy.fit_prior(nobody, 1e6)
        assert policy.version == "1+flat"


def test_one_damaged_state_does_not_spoil_everybodys_prior() -> None:
    some = people(30, 20)
    one = some[0]
    for bad in (Sums(one.s * np.nan, one.c, 1.0, 9.0, 0.0), Sums(one.s, one.c, np.nan, 9.0, 0.0)):
        assert pooled(flat(D), [*some, bad]).version == pooled(flat(D), some).version


def test_a_few_people_hardly_move_what_was_shipped_and_many_do() -> None:
    start = Prior(np.array([0.3, 0.0, 0.1, 0.0, -0.4]), np.eye(D) * 0.04, 0.25, "shipped")
    moved = [np.abs(pooled(start, people(u, 30)).mean - start.mean).sum() for u in (1, 4, 600)]
    assert max(moved[:2]) < moved[-1] / 3


def test_what_nobodys_rewards_speak_of_stays_as_shipped() -> None:
    start = Prior(np.array([0.0, 0.0, 0.0, 0.0, -0.4]), np.eye(D) * 0.04, 0.25, "shipped")
    x = np.array([1.0, 0.5, 0.3, 0.2, 0.0])
    some = [Sums.empty(D).revised(x, None, reward, 0.0) for reward in (1.0, 0.5, 1.0, -0.5)]
    prior = pooled(start, some)
    assert prior.mean[4] == pytest.approx(-0.4)
    assert prior.mean[0] > 0.01
    assert np.diag(prior.cov)[4] == pytest.approx(0.04)


@pytest.mark.parametrize("reward", [0.0, 1.0, 10.0])
def test_alike_people_still_give_a_prior_that_can_be_used(reward: float) -> None:
    """No noise, no differences, or absurd ones: still a covariance, and a noise variance within bounds."""
    some = [Sums.empty(D).revised(np.ones(D), None, reward, 0.0)] * 2000
    policy = make("hb_ts", D)
    policy.fit_prior(some)
    p = policy.choose(policy.fresh(), default_rng(1).uniform(0, 1, size=(4, D)), default_rng(1))
    assert p.sum() == pytest.approx(1)
    assert policy.version != "1+flat"
