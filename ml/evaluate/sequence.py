"""Anytime-valid confidence sequences: looked at after every row, ever wrong in 1 − level at most."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from ml.evaluate.bernstein import bernstein_evidence, bernstein_lower, bernstein_now
from ml.evaluate.betting import betting_evidence, betting_lower, betting_now
from ml.evaluate.estimate import LEVEL
from ml.evaluate.outcomes import Outcomes
from ml.policy.base import Floats

Method = Literal["bernstein", "betting"]
_LOWER = {"bernstein": bernstein_lower, "betting": betting_lower}
_NOW = {"bernstein": bernstein_now, "betting": betting_now}
_EVIDENCE = {"bernstein": bernstein_evidence, "betting": betting_evidence}


@dataclass(frozen=True, slots=True, eq=False)
class Bounds:
    """After each row."""

    low: Floats
    high: Floats

    @property
    def now(self) -> tuple[float, float]:
        return (float(self.low[-1]), float(self.high[-1])) if len(self.low) else (-np.inf, np.inf)


def confidence_sequence(outcomes: Outcomes, method: Method = "bernstein", level: float = LEVEL) -> Bounds:
    """`bernstein` bounds the mean of the rows so far, whoever they came from. `betting` is sharper where one
    mean rules all rows (one person, or people drawn alike) and false where it wanders."""
    alpha = (1 - level) / 2
    up, down = _counted(outcomes), _counted(outcomes.turned())
    low = outcomes.floor + up.scale * _LOWER[method](up.x, alpha)
    high = outcomes.ceiling - down.scale * _LOWER[method](down.x, alpha)
    return Bounds(np.maximum(low, outcomes.least), np.minimum(high, outcomes.most))


def confidence_now(
    outcomes: Outcomes, method: Method = "bernstein", level: float = LEVEL
) -> tuple[float, float]:
    """The last bounds of the sequence, at a fraction of its price. Ask again whenever you like."""
    alpha = (1 - level) / 2
    up, down = _counted(outcomes), _counted(outcomes.turned())
    low = outcomes.floor + up.scale * _NOW[method](up.x, alpha)
    high = outcomes.ceiling - down.scale * _NOW[method](down.x, alpha)
    return max(low, outcomes.least), min(high, outcomes.most)


def evidence_above(outcomes: Outcomes, value: float, method: Method = "bernstein") -> Floats:
    """After each row, the log evidence that the truth is more than `value`.

    Were it not, the evidence would ever reach log 1/α with probability α at most, so exp(−its peak) is a
    p-value to be read at any time. For "less than": `evidence_above(outcomes.turned(), −value)`.
    """
    counted = _counted(outcomes)
    return _EVIDENCE[method](counted.x, (value - outcomes.floor) / counted.scale)


@dataclass(frozen=True, slots=True, eq=False)
class _Counted:
    x: Floats
    scale: float


def _counted(outcomes: Outcomes) -> _Counted:
    """From the floor, in units in which the value is at most 1."""
    scale = outcomes.most - outcomes.floor
    return _Counted(np.maximum((outcomes.low - outcomes.floor) / scale, 0.0), scale)
