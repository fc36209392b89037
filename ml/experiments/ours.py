"""Our policies as agents: a state per person, draws from the true probabilities, priors refitted at night."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.random import Generator

from ml.experiments.agent import Build
from ml.experiments.received import consenting
from ml.policy import Explains, Policy, State, make
from ml.policy.base import Floats, Prior
from ml.policy.draw import draw
from ml.policy.prior import FIRST, SECOND, from_json

OF_WORLD = Path(__file__).parent / "priors"
"""What one world alone teaches somebody who begins (`lab prior`)."""
NIGHTS = frozenset((1, 2, 3, 4, 5, 7, 10, 14, 18, 23, 28, 35, 42, 49, 56))
"""When the prior is refitted. Live it is every night; later nights change less and cost as much."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one of ours is made. `columns`: it sees only these."""

    policy: str
    prior: Path | None = SECOND
    """What it starts with; none is N(0, τ²I)."""
    pooled: bool = True
    """Learns the population's prior."""
    columns: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)


class Ours:
    def __init__(
        self,
        name: str,
        recipe: Recipe,
        d: int,
        columns: Mapping[str, int],
        people: int,
        prior: Prior | None = None,
    ) -> None:
        self.name = name
        seen = recipe.columns or tuple(columns)
        self._only = [columns[column] for column in recipe.columns] or None
        prior = from_json(recipe.prior.read_text()).over(seen) if recipe.prior else prior
        at = {column: place for place, column in enumerate(seen)}
        self._policy: Policy = make(recipe.policy, len(seen), prior, at, **recipe.settings)
        self._states: list[State] = [self._policy.fresh() for _ in range(people)]
        self._pooling = consenting(people) if recipe.pooled else []

    def act(self, person: int, x: Floats, rng: Generator, t_days: float) -> tuple[int, float]:
        p = self.probabilities(person, x, rng, t_days)
        chosen = draw(p, float(rng.random()))
        return chosen, float(p[chosen])

    def probabilities(self, person: int, x: Floats, rng: Generator, t_days: float) -> Floats:
        return self._policy.choose(self._states[person], self._see(x), rng, t_days)

    def expected(self, person: int, x: Floats, t_days: float) -> Floats:
        """The score of each row, where the policy has one."""
        if not isinstance(self._policy, Explains):
            return np.full(len(x), np.nan)
        return np.asarray(self._policy.contributions(self._states[person], self._see(x), t_days).sum(axis=1))

    def learn(
        self, person: int, x: Floats, chosen: int, reward: float, probability: float, t_days: float
    ) -> None:
        row = self._see(x[chosen : chosen + 1])[0]
        self._states[person] = self._policy.update(self._states[person], row, reward, t_days)

    def revise(
        self,
        person: int,
        x: Floats,
        chosen: int,
        old: float,
        new: float,
        probability: float,
        t_days: float,
    ) -> None:
        row = self._see(x[chosen : chosen + 1])[0]
        self._states[person] = self._policy.revise(self._states[person], row, old, new, t_days)

    def night(self, t_days: float) -> None:
        if self._pooling and round(t_days) in NIGHTS:
            self._policy.fit_prior([self._states[person] for person in self._pooling], t_days)

    def _see(self, x: Floats) -> Floats:
        return x if self._only is None else x[:, self._only]


def ours(name: str, recipe: Recipe) -> Build:
    return lambda d, columns, people: Ours(name, recipe, d, columns, people)


BARE = ("intercept", "overdue", "age", "priority", "due_today", "times_shown")
"""What was known before features were crossed: nothing of the moment, nothing of the kind."""
_HB = "hb_ts"
INCUMBENT = "hb_ts"
POLICIES: Mapping[str, Recipe] = {
    "hb_ts": Recipe(_HB),
    "linucb": Recipe("linucb", prior=None, pooled=False),
    "lints": Recipe("lints", prior=None, pooled=False),
    "igw": Recipe("igw", prior=None, pooled=False),
    "linucb5": Recipe("linucb5", prior=None, pooled=False),
    "urgency": Recipe("urgency", pooled=False),
    "random": Recipe("random", pooled=False),
}
ABLATIONS: Mapping[str, Recipe] = {
    "hb_ts, no pooling": Recipe(_HB, prior=None, pooled=False),
    "hb_ts, v = 1": Recipe(_HB, settings={"v": 1.0, "ripe": 0.0}),
    "hb_ts, v = 0": Recipe(_HB, settings={"v": 0.0}),
    "hb_ts, v the same for all": Recipe(_HB, settings={"ripe": 0.0}),
    "hb_ts, five features": Recipe(_HB, columns=BARE),
    "hb_ts, no floor": Recipe(_HB, settings={"epsilon": 1e-9}),
}
VARIANTS: Mapping[str, Recipe] = {
    "hb_ts, sense alone": Recipe(_HB, prior=FIRST),
    "hb_ts, prior of people": Recipe(_HB, prior=OF_WORLD / "people.json"),
    "hb_ts, prior of goals": Recipe(_HB, prior=OF_WORLD / "goals.json"),
}
"""How much of it is the prior: none of the worlds, this one alone, or only the other."""
OTHER_WORLD = {"people": "hb_ts, prior of goals", "goals": "hb_ts, prior of people"}


def builds(recipes: Mapping[str, Recipe], only: Sequence[str] = ()) -> dict[str, Build]:
    return {name: ours(name, recipe) for name, recipe in recipes.items() if not only or name in only}
