"""For packages that know arms but no features of an arm: they pick a kind, a common rule picks inside it."""

from collections.abc import Mapping

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from ml.policy.base import Floats

MOMENT = (
    "todo_morning",
    "todo_evening",
    "todo_weekend",
    "dose_todo",
    "mood_gentle",
    "sleep_effort",
    "busy_effort",
    "overdue",
    "due_today",
)
RULE = {"overdue": 1.0, "due_today": 0.8, "priority": 0.5, "times_shown": -0.7, "dismissed_similarity": -0.5}


class Kinds:
    """Arms are the columns kind_* and theme_* (a theme says more than a kind, so it wins)."""

    def __init__(self, columns: Mapping[str, int]) -> None:
        names = sorted(columns, key=lambda name: (name.startswith("kind_"), columns[name]))
        self._arms = [columns[n] for n in names if n.startswith(("theme_", "kind_")) and n != "kind_recent"]
        self._moment = [columns[name] for name in MOMENT if name in columns]
        self._rule = np.zeros(max(columns.values(), default=0) + 1)
        for name, weight in RULE.items():
            if name in columns:
                self._rule[columns[name]] = weight

    @property
    def arms(self) -> int:
        """One more than there are kinds: what is of none."""
        return len(self._arms) + 1

    def of(self, x: Floats) -> NDArray[np.int64]:
        """The arm of each candidate."""
        marked = np.column_stack([x[:, self._arms] > 0.5, np.ones(len(x), dtype=bool)])
        arms: NDArray[np.int64] = marked.argmax(axis=1)
        return arms

    def context(self, x: Floats) -> Floats:
        """The moment, as far as the candidates betray it, and an intercept."""
        return np.append(x[:, self._moment].max(axis=0), 1.0)

    def inside(self, x: Floats, kinds: NDArray[np.int64], kind: int, rng: Generator) -> int:
        """The most pressing and least worn of that kind."""
        these = np.flatnonzero(kinds == kind)
        scores = x[these][:, : len(self._rule)] @ self._rule + 1e-6 * rng.random(len(these))
        return int(these[scores.argmax()])
