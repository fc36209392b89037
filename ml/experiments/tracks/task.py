"""A stream of decisions for track A."""

from dataclasses import dataclass

from ml.policy.base import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    contexts: Floats
    """n × features"""
    rewards: Floats
    """n × actions, in [0, 1]: what each action would have earned"""
