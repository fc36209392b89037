"""An agent for pushes: a policy that chooses, and what is learned of moments; x has the columns of both."""

from typing import NamedTuple

import numpy as np
from numpy.random import Generator

from ml.experiments.ours import NIGHTS, POLICIES, Ours
from ml.experiments.received import consenting
from ml.features import COLUMNS, WIDTH
from ml.policy.base import Floats
from ml.policy.moment import Moments

CHOOSER = "hb_ts"


class Look(NamedTuple):
    x: Floats
    """Of each candidate, with the score it has and the moment."""
    choice: float
    """The most any candidate is worth in a push."""
    added: Floats
    """By each moment that is left of the day, this one first."""


class Pusher:
    """`waits`: it learns which moments are good; else a moment is worth its best candidate."""

    name = "pusher"

    def __init__(self, people: int, waits: bool) -> None:
        self._chooser = Ours(CHOOSER, POLICIES[CHOOSER], WIDTH, COLUMNS, people)
        self._moments = Moments()
        self._states = [self._moments.fresh() for _ in range(people)]
        self._pooling = consenting(people)
        self._waits = waits

    def look(self, person: int, x: Floats, moments: Floats, t_days: float) -> Look:
        """`moments`: a row for each that is left, this one first."""
        scores = self._chooser.expected(person, x, t_days)
        weights = self._moments.weights(self._states[person] if self._waits else None, t_days)
        now = np.repeat(moments[:1], len(x), axis=0)
        return Look(
            np.hstack([x, scores[:, None], now]),
            weights.worth * float(scores.max()),
            moments @ weights.added,
        )

    def probabilities(self, person: int, x: Floats, rng: Generator, t_days: float) -> Floats:
        return self._chooser.probabilities(person, x[:, :WIDTH], rng, t_days)

    def act(self, person: int, x: Floats, rng: Generator, t_days: float) -> tuple[int, float]:
        return self._chooser.act(person, x[:, :WIDTH], rng, t_days)

    def learn(
        self, person: int, x: Floats, chosen: int, reward: float, probability: float, t_days: float
    ) -> None:
        state = self._states[person]
        self._states[person] = self._moments.update(state, x[chosen, WIDTH:], reward, t_days)
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
        state = self._states[person]
        self._states[person] = self._moments.revise(state, x[chosen, WIDTH:], old, new, t_days)
        self._chooser.revise(person, x[:, :WIDTH], chosen, old, new, probability, t_days)

    def night(self, t_days: float) -> None:
        self._chooser.night(t_days)
        if self._waits and round(t_days) in NIGHTS:
            self._moments.fit_prior([self._states[person] for person in self._pooling], t_days)
