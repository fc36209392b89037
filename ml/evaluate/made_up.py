"""A small world of known truth for the tests and the lab: people, features, policies, rewards in {−1 … 1}."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from ml.evaluate.candidates import Candidates
from ml.evaluate.logged import Ints, Logged
from ml.policy.base import Floats

REWARDS = np.array([-1.0, -0.5, 0.0, 0.5, 1.0])
K = 5
D = 4


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """n decisions over K candidates each; everything about them, so that truth is a sum and not a guess."""

    person: Ints
    x: Floats
    """n × K × D"""
    mean: Floats
    """n × K: the expected reward"""
    target: Floats
    """n × K: probabilities of the policy under evaluation"""
    logging: Floats
    """n × K: probabilities of the policy that chose"""

    @property
    def truth(self) -> float:
        return float((self.target * self.mean).sum(axis=1).mean())


def softmax(scores: Floats, heat: float) -> Floats:
    e: Floats = np.exp((scores - scores.max(axis=-1, keepdims=True)) / heat)
    p: Floats = e / e.sum(axis=-1, keepdims=True)
    return p


def world(rng: Generator, n: int, people: int = 40) -> World:
    """People differ around a taste; the log follows a wrong taste, the target a better one; floor 0.05."""
    taste = np.array([0.5, -0.4, 0.3, 0.0])
    own = taste + 0.15 * rng.standard_normal((people, D))
    person = rng.integers(people, size=n)
    x = rng.uniform(-1, 1, size=(n, K, D))
    mean = np.tanh(np.einsum("nkd,nd->nk", x, own[person]))
    floor = 0.05
    target = (1 - floor) * softmax(x @ taste, 0.25) + floor / K
    logging = (1 - floor) * softmax(x @ np.array([0.3, 0.1, 0.0, 0.4]), 0.5) + floor / K
    return World(person, x, mean, target, logging)


def draw_rows(rng: Generator, p: Floats) -> Ints:
    """One index per row of probabilities."""
    edges = np.cumsum(p, axis=1)
    index: Ints = (rng.random((len(p), 1)) * edges[:, -1:] >= edges).sum(axis=1)
    return index


def rewards(rng: Generator, mean: Floats) -> Floats:
    """From the five values of the product, with exactly this mean (which lies in −1…1)."""
    above = (mean + 1) / 2
    ups = rng.random((4, len(mean))) < above
    earned: Floats = REWARDS[ups.sum(axis=0)]
    return earned


def played(rng: Generator, w: World, predicted: Floats | None = None) -> tuple[Candidates, Logged]:
    """The world lived once: choices drawn from the logging policy, and rewards."""
    n, k = w.logging.shape
    chosen = draw_rows(rng, w.logging)
    candidates = Candidates(np.full(n, k), chosen, w.logging.reshape(-1))
    reward = rewards(rng, w.mean[np.arange(n), chosen])
    long = None if predicted is None else predicted.reshape(-1)
    t_days = np.arange(n) / 100.0
    return candidates, candidates.logged(w.person, t_days, reward, w.target.reshape(-1), long)
