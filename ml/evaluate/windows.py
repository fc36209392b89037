"""Does the verdict hang on how long we wait for a reward?"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from ml.evaluate.estimate import Estimate
from ml.evaluate.logged import Logged
from ml.policy.base import Floats

WINDOWS_H = (6.0, 12.0, 24.0, 48.0)


def under_window(logged: Logged, arrived_h: Floats, age_h: Floats, window_h: float, default: float) -> Logged:
    """The log as it would read with this window: what came later counts as silence.

    `reward` is what came in the end, `arrived_h` after how long (NaN = never), `age_h` how long ago it was
    shown. A row younger than the window stays out even with its reward in: quick ones would speak for slow.
    """
    came = np.nan_to_num(arrived_h, nan=np.inf) <= window_h
    reward = np.where(came, logged.reward, default)
    return replace(logged, reward=np.where(age_h >= window_h, reward, np.nan))


def under_windows(
    estimator: Callable[[Logged], Estimate],
    logged: Logged,
    arrived_h: Floats,
    age_h: Floats,
    windows_h: Sequence[float] = WINDOWS_H,
    default: float = 0.0,
) -> dict[float, Estimate]:
    """The same estimate by window; only rows older than the longest, so that all speak of the same rows."""
    old = age_h >= max(windows_h)
    rows, arrived, age = logged.rows(old), arrived_h[old], age_h[old]
    return {w: estimator(under_window(rows, arrived, age, w, default)) for w in windows_h}
