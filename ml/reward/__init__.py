"""Rewards: what a reaction is worth and which reaction counts."""

from ml.reward.outcome import settle
from ml.reward.table import DEFAULT_REWARD, FINAL, REWARDS, Earned, Part, Reaction, earned

__all__ = ["DEFAULT_REWARD", "FINAL", "REWARDS", "Earned", "Part", "Reaction", "earned", "settle"]
