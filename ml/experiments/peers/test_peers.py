"""Every peer learns what is plain, in both tracks; and what each needs to be told right is told right."""

import numpy as np
import pytest
from numpy.random import Generator, Philox

from ml.experiments.chosen_agents import AGENTS
from ml.experiments.chosen_bandits import BANDITS
from ml.experiments.peers.bayesianbandits import bayesian_agent
from ml.experiments.peers.coba import coba_agent
from ml.experiments.peers.contextualbandits import contextual_agent
from ml.experiments.peers.kinds import Kinds
from ml.experiments.peers.mabwiser import mabwiser_agent
from ml.experiments.peers.river import river_agent
from ml.experiments.peers.vowpalwabbit import vw_agent

COLUMNS = {"intercept": 0, "kind_todo": 1, "kind_advice": 2, "overdue": 3}
PERSONAL = {
    "vw": vw_agent("squarecb", width=1000, rate=0.5, personal=True),
    "river": river_agent("ucb", alpha=1.0, beta=4.0, personal=True, by_kind=False, width=0.5),
    "mabwiser": mabwiser_agent("linucb", width=0.2, ridge=1.0, personal=True, sees="moment"),
    "contextualbandits": contextual_agent(
        0.25, 1.0, from_empty=False, personal=True, rounds="half", sees="moment"
    ),
    "coba": coba_agent("linucb", width=0.25, personal=True),
    "bayesianbandits": bayesian_agent("ucb", personal=True),
}

BY_KIND = {
    "vw": vw_agent("squarecb", width=1000, rate=0.5, personal=False, by_kind=True),
    "river": river_agent("ucb", alpha=1.0, beta=4.0, personal=False, by_kind=True, width=0.5),
    "mabwiser": mabwiser_agent("linucb", width=0.2, ridge=1.0, personal=False, sees="candidate"),
    "contextualbandits": contextual_agent(0.2, 1.0, True, personal=False, rounds="not", sees="candidate"),
    "coba": coba_agent("linucb", width=0.25, personal=False, features=("a", "aa")),
    "bayesianbandits": bayesian_agent("ts", personal=False, by_kind=True),
}


def candidates(rng: Generator) -> np.ndarray:
    kinds = rng.permutation([1, 2, 2])
    x = np.zeros((3, 4))
    x[:, 0] = 1.0
    x[np.arange(3), kinds] = 1.0
    return x


@pytest.mark.parametrize("name", AGENTS)
def test_a_peer_learns_which_kind_is_liked(name: str) -> None:
    agent, rng, right = AGENTS[name](4, COLUMNS, 2), Generator(Philox(key=1)), []
    for i in range(300):
        x = candidates(rng)
        chosen, p = agent.act(i % 2, x, rng, i / 4)
        assert 0 < p <= 1
        agent.learn(i % 2, x, chosen, 0.8 if x[chosen, 1] else -0.5, p, i / 4)
        right.append(x[chosen, 1])
    assert np.mean(right[-100:]) > 0.85


@pytest.mark.parametrize("name", PERSONAL)
def test_where_each_has_their_own_opposite_tastes_are_learned(name: str) -> None:
    agent, rng, right = PERSONAL[name](4, COLUMNS, 2), Generator(Philox(key=2)), []
    for i in range(400):
        x, person = candidates(rng), i % 2
        chosen, p = agent.act(person, x, rng, i / 4)
        liked = bool(x[chosen, 1 + person])
        agent.learn(person, x, chosen, 0.8 if liked else -0.5, p, i / 4)
        right.append(liked)
    assert np.mean(right[-100:]) > 0.85


@pytest.mark.parametrize("name", BY_KIND)
def test_where_kinds_are_apart_what_is_good_of_one_may_be_bad_of_another(name: str) -> None:
    agent, rng, right = BY_KIND[name](4, COLUMNS, 2), Generator(Philox(key=6)), []
    for i in range(500):
        x = candidates(rng)
        x[:, 3] = rng.permutation([0.0, 1.0, float(rng.integers(2))])
        liked = x[:, 3] == x[:, 1]
        if not 0 < liked.sum() < 3:
            continue
        chosen, p = agent.act(0, x, rng, i / 4)
        agent.learn(0, x, chosen, 0.8 if liked[chosen] else -0.5, p, i / 4)
        right.append(bool(liked[chosen]))
    assert np.mean(right[-100:]) > 0.85


@pytest.mark.parametrize("name", BANDITS)
def test_a_peer_learns_what_the_context_says(name: str) -> None:
    bandit, rng, right = BANDITS[name](3, 3), Generator(Philox(key=3)), []
    for _ in range(400):
        said = int(rng.integers(3))
        context = np.eye(3)[said] * 2.0 - 0.5
        action, p = bandit.act(context, rng)
        bandit.learn(context, action, float(action == said), p)
        right.append(action == said)
    assert np.mean(right[-100:]) > 0.85


@pytest.mark.parametrize("name", AGENTS)
def test_the_same_seed_is_the_same_life(name: str) -> None:
    lives = []
    for _ in range(2):
        agent, rng, life = AGENTS[name](4, COLUMNS, 2), Generator(Philox(key=4)), []
        for i in range(40):
            x = candidates(rng)
            chosen, p = agent.act(0, x, rng, i / 4)
            agent.learn(0, x, chosen, float(x[chosen, 1]), p, i / 4)
            life.append((chosen, p))
        lives.append(life)
    assert lives[0] == lives[1]


def test_a_theme_says_more_than_a_kind_and_the_rule_picks_the_pressing_one() -> None:
    columns = {"kind_todo": 0, "kind_advice": 1, "overdue": 2, "kind_recent": 3, "theme_break": 4}
    kinds = Kinds(columns, "moment")
    x = np.array([[1, 0, 0, 0, 0], [1, 0, 1, 0, 0], [0, 1, 0, 1, 1], [0, 1, 0, 0, 0], [0, 0, 0, 0, 0.0]])
    of = kinds.of(x)
    assert kinds.arms == 4
    assert len(set(of.tolist())) == 4
    assert of[0] == of[1]
    assert kinds.inside(x, of, int(of[0]), Generator(Philox(key=5))) == 1
