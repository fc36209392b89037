"""Track A: classification as a bandit, one pass, progressive validation loss.

A row is a decision: the player sees the context, names an action, and learns what that one earned. Loss is
1 − the reward of what it did, before it learned from it.
"""

import numpy as np
from numpy.random import Generator, Philox

from ml.experiments.bandit import Bandit
from ml.experiments.tracks.tasks import Task


def chance(seed: int, task: str) -> Generator:
    """The same for every player: who acts alike is lucky alike."""
    return Generator(Philox(key=[seed, int.from_bytes(task.encode()[:8].ljust(8), "little")]))


def loss(task: Task, player: Bandit, rng: Generator) -> float:
    """One pass."""
    earned = 0.0
    for context, rewards in zip(task.contexts, task.rewards, strict=True):
        action, probability = player.act(context, rng)
        reward = float(rewards[action])
        player.learn(context, action, reward, probability)
        earned += reward
    return 1.0 - earned / len(task.contexts) if len(task.contexts) else float(np.nan)
