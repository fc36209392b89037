"""What a moment adds to whatever is sent in it. Equal for all candidates, so it cannot choose; it can wait.

Learned from pushes alone, and only of what choice leaves unexplained: the reward less the score it was sent
with.
"""

from math import cos, log1p, pi, sin

import numpy as np

from ml.policy.base import Floats, Prior

COLUMNS = ("always", "cos1", "sin1", "cos2", "sin2", "cos3", "sin3", "weekend", "busy", "dose")
"""The hour as waves of a day, of half a day and of eight hours."""
SPREAD, NOISE_VAR = 0.2, 0.3
_FULL = log1p(15.0)


def moment(hour: float, weekend: bool, busy: bool, dosage: float) -> Floats:
    """`hour` on the person's clock, `dosage` the decayed count of tips shown."""
    turn = 2 * pi * hour / 24
    waves = [wave(turn * times) for times in (1, 2, 3) for wave in (cos, sin)]
    return np.array([1.0, *waves, float(weekend), float(busy), min(1.0, log1p(dosage) / _FULL)])


def assumed() -> Prior:
    """Before anything was sent: no hour is better than another."""
    d = len(COLUMNS)
    return Prior(np.zeros(d), np.eye(d) * SPREAD**2, NOISE_VAR, "moment-1")
