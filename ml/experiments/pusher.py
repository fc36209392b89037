"""An agent for pushes: a policy that chooses, and what is learned of moments; x has the columns of both."""

from collections.abc import Mapping

from numpy.random import Generator

from ml.experiments.ours import POLICIES, Ours, Recipe
from ml.features import COLUMNS, WIDTH
from ml.policy import moment
from ml.policy.base import Floats

CHOOSER = "hb_ts"


class Pusher:
    """`waits`: it learns which moments are good; else a moment is worth its best candidate."""

    name = "pusher"

    def __init__(self, people: int, waits: bool) -> None:
        self._chooser = Ours(CHOOSER, POLICIES[CHOOSER], WIDTH, COLUMNS, people)
        recipe = Recipe(CHOOSER, informed=False)
        at: Mapping[str, int] = {name: place for place, name in enumerate(moment.COLUMNS)}
        self._moments = Ours("moments", recipe, len(moment.COLUMNS), at, people, moment.assumed())
        self._waits = waits

    def expected(self, person: int, x: Floats, t_days: float) -> Floats:
        scores = self._chooser.expected(person, x[:, :WIDTH], t_days)
        return scores + self._added(person, x, t_days)

    def _added(self, person: int, x: Floats, t_days: float) -> float:
        return float(self._moments.expected(person, x[:1, WIDTH:], t_days)[0]) if self._waits else 0.0

    def probabilities(self, person: int, x: Floats, rng: Generator, t_days: float) -> Floats:
        return self._chooser.probabilities(person, x[:, :WIDTH], rng, t_days)

    def act(self, person: int, x: Floats, rng: Generator, t_days: float) -> tuple[int, float]:
        return self._chooser.act(person, x[:, :WIDTH], rng, t_days)

    def learn(
        self, person: int, x: Floats, chosen: int, reward: float, probability: float, t_days: float
    ) -> None:
        if self._waits:
            score = float(self._chooser.expected(person, x[chosen : chosen + 1, :WIDTH], t_days)[0])
            self._moments.learn(person, x[:, WIDTH:], chosen, reward - score, probability, t_days)
        self._chooser.learn(person, x[:, :WIDTH], chosen, reward, probability, t_days)

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
        """The moment keeps what it learned: its score of then is gone."""
        self._chooser.revise(person, x[:, :WIDTH], chosen, old, new, probability, t_days)

    def night(self, t_days: float) -> None:
        self._chooser.night(t_days)
        self._moments.night(t_days)
