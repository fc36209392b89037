"""For packages that know arms but no features of an arm.

Arms are kinds. Either the moment is the context and a common rule picks inside the kind, or an arm is asked
about each candidate of its kind, whose features are then the context.
"""

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

    def __init__(self, columns: Mapping[str, int], sees: str) -> None:
        """`sees`: the `moment`, or the `candidate`; or `any` candidate, where there is one arm alone."""
        self._sees = sees
        names = sorted(columns, key=lambda name: (name.startswith("kind_"), columns[name]))
        self._arms = [columns[n] for n in names if n.startswith(("theme_", "kind_")) and n != "kind_recent"]
        self._intercept = [columns[name] for name in ("intercept",) if name in columns]
        self._moment = [columns[name] for name in MOMENT if name in columns]
        self._rule = np.zeros(max(columns.values(), default=0) + 1)
        for name, weight in RULE.items():
            if name in columns:
                self._rule[columns[name]] = weight

    @property
    def arms(self) -> int:
        """One more than there are kinds: what is of none."""
        return 1 if self._sees == "any" else len(self._arms) + 1

    def of(self, x: Floats) -> NDArray[np.int64]:
        """The arm of each candidate."""
        if self._sees == "any":
            return np.zeros(len(x), dtype=np.int64)
        marked = np.column_stack([x[:, self._arms] > 0.5, np.ones(len(x), dtype=bool)])
        arms: NDArray[np.int64] = marked.argmax(axis=1)
        return arms

    def contexts(self, x: Floats) -> Floats:
        """A row for each candidate, or one of the moment, as far as candidates betray it; no intercept."""
        if self._sees == "moment":
            return np.asarray(x[:, self._moment].max(axis=0, keepdims=True))
        return np.delete(x, self._intercept, axis=1)

    def context(self, x: Floats, chosen: int) -> Floats:
        """The one that was chosen in."""
        rows = self.contexts(x)
        row: Floats = rows[chosen if len(rows) > 1 else 0]
        return row

    def pick(self, x: Floats, scores: Floats, rng: Generator) -> int:
        """`scores`: in each context, each arm."""
        kinds = self.of(x)
        own = scores[np.arange(len(x)) if len(scores) > 1 else 0, kinds]
        best = np.flatnonzero(own == own.max())
        if self._sees == "moment":
            return self.inside(x, kinds, int(rng.choice(np.unique(kinds[best]))), rng)
        return int(rng.choice(best))

    def inside(self, x: Floats, kinds: NDArray[np.int64], kind: int, rng: Generator) -> int:
        """The most pressing and least worn of that kind."""
        these = np.flatnonzero(kinds == kind)
        scores = x[these][:, : len(self._rule)] @ self._rule + 1e-6 * rng.random(len(these))
        return int(these[scores.argmax()])
