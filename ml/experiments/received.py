"""What people made of each card, as oO knows it: of those who agreed to pooling, made anew every night."""

import numpy as np

from ml.experiments.worlds.cards import CARDS, PREPARE
from ml.experiments.worlds.stage import Stage
from ml.features.received import DAYS, received
from ml.policy.base import Floats

CONSENTING = 0.6
"""The share of people who agreed to pooling; the others' rewards stay theirs alone."""


def consenting(people: int) -> list[int]:
    """Who agrees is nobody's choice of the lab's: every person has a fixed place between 0 and 1."""
    return [p for p in range(people) if (p * 0.618034) % 1.0 < CONSENTING]


class Received:
    """Of one policy's run through a stage."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._agreed = np.zeros(stage.regime.people, dtype=np.bool_)
        self._agreed[consenting(stage.regime.people)] = True
        self._heard: dict[int, tuple[float, float]] = {}
        self.of_card: Floats = np.zeros(CARDS)

    def hear(self, row: int, t: float, reward: float) -> None:
        """Also once more, when a reward is corrected. The calendar's own card is another each time."""
        stage = self._stage
        person = stage.moments.person[stage.moment[row]]
        if 0 <= stage.card[row] != PREPARE and self._agreed[person]:
            self._heard[row] = (t, reward)

    def night(self, t: float) -> None:
        self._heard = {row: said for row, said in self._heard.items() if said[0] > t - DAYS}
        rows = np.array(list(self._heard), dtype=np.int64)
        stage = self._stage
        card, person = stage.card[rows], stage.moments.person[stage.moment[rows]]
        earned = np.array([reward for _, reward in self._heard.values()])
        total: Floats = np.bincount(card, weights=earned, minlength=CARDS).astype(np.float64)
        of_person = np.unique(person * CARDS + card) % CARDS
        people, rewards = (np.bincount(some, minlength=CARDS) for some in (of_person, card))
        self.of_card = received(stage.cards.group, people, rewards, total)
