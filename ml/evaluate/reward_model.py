"""r̂, the reward model of DR: ridge on features, cross-fitted by person, frozen.

A person's rows are predicted by a model that never saw that person, or DR would believe its own echo.
"""

from dataclasses import dataclass

import numpy as np

from ml.evaluate.logged import Ints
from ml.evaluate.outcomes import REWARD_RANGE
from ml.policy.base import Floats

FOLDS = 5


@dataclass(frozen=True, slots=True, eq=False)
class RewardModel:
    middle: float
    coefficients: Floats
    reward_range: tuple[float, float]

    def predict(self, x: Floats) -> Floats:
        return np.clip(self.middle + x @ self.coefficients, *self.reward_range)


def fit(
    x: Floats, reward: Floats, ridge: float = 1.0, reward_range: tuple[float, float] = REWARD_RANGE
) -> RewardModel:
    """From the rows whose reward is known; from none, 0 everywhere."""
    known = ~np.isnan(reward)
    x, reward = x[known], reward[known]
    middle = float(reward.sum()) / (len(reward) + 1)
    gram = x.T @ x + ridge * np.eye(x.shape[1])
    coefficients: Floats = np.linalg.solve(gram, x.T @ (reward - middle)).astype(np.float64)
    coefficients.setflags(write=False)
    return RewardModel(middle, coefficients, reward_range)


@dataclass(frozen=True, slots=True, eq=False)
class CrossFitted:
    people: Ints
    """sorted; the one at place i was left out of model i mod folds"""
    models: tuple[RewardModel, ...]
    whole: RewardModel
    """for people who were not there at all"""

    def predict(self, x: Floats, person: Ints) -> Floats:
        """Rows of x with the person each belongs to."""
        place = np.searchsorted(self.people, person)
        there = np.isin(person, self.people)
        predicted = self.whole.predict(x)
        for fold, model in enumerate(self.models):
            own = there & (place % len(self.models) == fold)
            predicted[own] = model.predict(x[own])
        return predicted


def cross_fit(
    x: Floats,
    reward: Floats,
    person: Ints,
    folds: int = FOLDS,
    ridge: float = 1.0,
    reward_range: tuple[float, float] = REWARD_RANGE,
) -> CrossFitted:
    """x are the features of the chosen. One person alone has no one to learn from: 0, and DR is then IPS."""
    people, place = np.unique(person, return_inverse=True)
    folds = max(1, min(folds, len(people)))
    models = []
    for fold in range(folds):
        others = place.reshape(-1) % folds != fold
        models.append(fit(x[others], reward[others], ridge, reward_range))
    return CrossFitted(people, tuple(models), fit(x, reward, ridge, reward_range))
