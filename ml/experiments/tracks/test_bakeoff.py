"""The bake-off's rows are what they say, and our policy in it is `hb_ts` on the crossed rows."""

import numpy as np
import pytest
from numpy.random import Generator, Philox

from ml.experiments.tracks.bakeoff import chance, loss
from ml.experiments.tracks.disjoint import Disjoint, Settings
from ml.experiments.tracks.tasks import TASKS
from ml.policy import Prior
from ml.policy.hb_ts import HbTs


@pytest.mark.parametrize("name", TASKS)
def test_a_task_is_seeded_scaled_and_names_one_best_action_at_least(name: str) -> None:
    task, again, other = TASKS[name](3), TASKS[name](3), TASKS[name](4)
    assert (task.contexts == again.contexts).all()
    assert (task.rewards == again.rewards).all()
    assert not np.array_equal(task.rewards, other.rewards)
    assert np.isfinite(task.contexts).all()
    assert np.abs(task.contexts).max() <= 6
    assert task.rewards.min() >= 0
    assert task.rewards.max() <= 1
    # Nobody wins by always naming the same action.
    assert task.rewards.mean(axis=0).max() < task.rewards.max(axis=1).mean() - 0.1


def test_ours_is_hb_ts_on_contexts_crossed_with_the_action() -> None:
    actions, features, rng = 3, 4, Generator(Philox(key=1))
    settings = Settings(v=0.5, tau=0.7, hope=0.3)
    ours = Disjoint("hb_ts", actions, features, settings)
    d = features + 1
    mean, spread = np.zeros(d), np.full(d, settings.tau**2 / d)
    mean[-1], spread[-1] = settings.hope, settings.tau**2
    prior = Prior(np.tile(mean, actions), np.diag(np.tile(spread, actions)), settings.noise_var, "crossed")
    crossed = HbTs(actions * d, prior, {}, v=settings.v, ripe=0.0, half_life_days=1e12, draws=4096)
    state = crossed.fresh()

    def rows(context: np.ndarray) -> np.ndarray:
        return np.kron(np.eye(actions), np.append(context, 1.0))

    for _ in range(40):
        context = rng.standard_normal(features)
        action = int(rng.integers(actions))
        reward = float(context[0] > 0) if action else 0.5
        ours.learn(context, action, reward, 1.0)
        state = crossed.update(state, rows(context)[action], reward, 0.0)
    for _ in range(10):
        context = rng.standard_normal(features)
        assert np.allclose(ours.expected(context), crossed.contributions(state, rows(context)).sum(axis=1))
        mine = np.mean([ours.probabilities(context, rng) for _ in range(64)], axis=0)
        theirs = crossed.choose(state, rows(context), rng, None)
        assert np.abs(mine - theirs).max() < 0.05


def test_a_loss_is_that_of_what_was_done_before_it_was_learned_from() -> None:
    task = TASKS["iris"](0)

    class Always:
        name = "always"

        def act(self, context: np.ndarray, rng: Generator) -> tuple[int, float]:
            return 1, 1.0

        def learn(self, context: np.ndarray, action: int, reward: float, probability: float) -> None:
            assert action == 1

    assert loss(task, Always(), chance(0, "iris")) == pytest.approx(1 - task.rewards[:, 1].mean())
    ours = loss(task, Disjoint("hb_ts", 3, 4, Settings()), chance(0, "iris"))
    assert ours == loss(task, Disjoint("hb_ts", 3, 4, Settings()), chance(0, "iris"))
    assert ours < 0.5
