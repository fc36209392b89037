"""Advice and ambient tips: cards that everyone may get, each of a theme, some better than others."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from ml.evaluate.logged import Ints
from ml.policy.base import Floats

THEMES = ("plan", "focus", "break", "social", "reflect", "move", "rest", "tidy")
PER_THEME, AMBIENT = 6, 8
ADVICE = PER_THEME * len(THEMES)
PREPARE = ADVICE + AMBIENT
"""The calendar's own card: prepare for what comes next."""
CARDS = PREPARE + 1
OFFERED = 5
"""How many themes have a card in a decision."""
# Groups are what repeats are counted by: a kind and, for advice, its theme.
TODO_GROUP, AMBIENT_GROUP = len(THEMES), len(THEMES) + 1
GROUPS = len(THEMES) + 2


@dataclass(frozen=True, slots=True, eq=False)
class Cards:
    group: Ints
    effort_min: Floats
    generated: Floats
    appeal: Floats
    """What nobody can see."""


def cards(rng: Generator) -> Cards:
    theme = np.arange(ADVICE) % len(THEMES)
    group = np.concatenate([theme, np.full(AMBIENT, AMBIENT_GROUP), [0]])
    effort = np.concatenate([rng.choice([2.0, 5.0, 10.0, 15.0, 25.0], ADVICE), np.zeros(AMBIENT), [5.0]])
    generated = np.concatenate([rng.random(ADVICE) < 0.25, np.zeros(AMBIENT + 1, dtype=bool)])
    return Cards(group, effort, generated.astype(np.float64), rng.normal(0.0, 0.2, CARDS))


def offered(moments: int, rng: Generator) -> Ints:
    """For each moment a card of each of five themes and one ambient tip (or -1: none)."""
    themes = rng.random((moments, len(THEMES))).argsort(axis=1)[:, :OFFERED]
    advice = themes + len(THEMES) * rng.integers(0, PER_THEME, (moments, OFFERED))
    ambient = np.where(rng.random((moments, 1)) < 0.7, ADVICE + rng.integers(0, AMBIENT, (moments, 1)), -1)
    return np.concatenate([advice, ambient], axis=1)
