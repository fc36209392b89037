"""What each reaction earns, and which part of the decision it teaches."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Reaction = Literal[
    "done",
    "helpful",
    "snooze",
    "not_helpful",
    "dismiss",
    "wrong_time",
    "wrong_thing",
    "already_done",
    "never",
]
Part = Literal["all", "timing", "choice"]


@dataclass(frozen=True, slots=True)
class Earned:
    value: float
    part: Part


# `already_done` teaches nothing: the tip was overtaken by life, not judged.
REWARDS: Mapping[Reaction, Earned | None] = {
    "done": Earned(1.0, "all"),
    "helpful": Earned(0.5, "all"),
    "snooze": Earned(0.0, "all"),
    "not_helpful": Earned(-0.5, "all"),
    "dismiss": Earned(-1.0, "all"),
    "wrong_time": Earned(-1.0, "timing"),
    "wrong_thing": Earned(-1.0, "choice"),
    "already_done": None,
    "never": Earned(-1.0, "all"),
}
FINAL: frozenset[Reaction] = frozenset({"done", "dismiss", "never", "wrong_time", "wrong_thing"})
DEFAULT_REWARD = Earned(0.0, "all")
"""What a shown tip earns when nothing was said for a day."""


def earned(reaction: Reaction) -> Earned | None:
    """What a reaction teaches; None where it teaches nothing."""
    return REWARDS[reaction]
