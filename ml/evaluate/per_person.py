"""The same estimate for each person alone."""

from collections.abc import Callable

import numpy as np

from ml.evaluate.estimate import Estimate
from ml.evaluate.logged import Logged


def per_person(estimator: Callable[[Logged], Estimate], logged: Logged) -> dict[int, Estimate]:
    """By index of the person. Few decisions each: read the intervals before the values."""
    order = np.argsort(logged.person, kind="stable")
    people, starts = np.unique(logged.person[order], return_index=True)
    rows = np.split(order, starts[1:])
    return {int(p): estimator(logged.rows(r)) for p, r in zip(people, rows, strict=True)}
