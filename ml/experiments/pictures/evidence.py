"""What another policy would have earned: bounds that may be looked at every day, and one that may not."""

from dataclasses import dataclass
from functools import lru_cache
from math import log10

import numpy as np
from numpy.random import default_rng

from ml.evaluate import confidence_sequence, dr_outcomes
from ml.evaluate.dr import dr_terms
from ml.evaluate.made_up import played, world
from ml.experiments.pictures.figure import percent
from ml.experiments.pictures.paper import Frame, Paper, Point
from ml.policy.base import Floats

ROWS, FIRST = 20_000, 50
CAP = 12.0
SEED = 3
LOOKED = 120
"""How many times a log is looked at, evenly in its logarithm."""


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """At each look."""

    n: Floats
    truth: Floats
    low: Floats
    high: Floats
    usual_low: Floats
    usual_high: Floats


@lru_cache(maxsize=4)
def evidence_of(seed: int = SEED) -> Evidence:
    rng = default_rng(seed)
    made = world(rng, ROWS)
    candidates, logged = played(rng, made)
    target = made.target.reshape(-1)
    bounds = confidence_sequence(dr_outcomes(logged, CAP, candidates.tail(target, CAP)))
    terms, each = dr_terms(logged), np.arange(1, ROWS + 1)
    mean = np.cumsum(terms) / each
    spread = np.sqrt(np.maximum(np.cumsum(np.square(terms)) / each - np.square(mean), 0.0) / each)
    looks = np.unique(np.geomspace(FIRST, ROWS, LOOKED).astype(np.int64)) - 1
    truth = np.cumsum((made.target * made.mean).sum(axis=1)) / each
    return Evidence(
        each[looks].astype(np.float64),
        truth[looks],
        bounds.low[looks],
        bounds.high[looks],
        (mean - 1.96 * spread)[looks],
        (mean + 1.96 * spread)[looks],
    )


def evidence() -> str:
    found = evidence_of()
    left = (found.truth < found.usual_low) | (found.truth > found.usual_high)
    held = bool(((found.low <= found.truth) & (found.truth <= found.high)).all())
    said = "at every look" if held else "not at every look"
    missed = percent(float(left.mean()), 0)
    told = f"The sequence holds the truth {said}; the usual interval misses it in {missed} of them."
    paper = Paper(340, "A confidence sequence around the truth", told)
    paper.text(20, 32, "What another policy would have earned", "strong")
    frame = Frame((log10(FIRST), log10(ROWS)), (-0.75, 1.0), (56.0, 52.0, 500.0, 250.0))
    for tick in (-0.5, 0.0, 0.5, 1.0):
        paper.line((frame.left, frame.y(tick)), (frame.right, frame.y(tick)), "grid")
        paper.text(48, frame.y(tick) + 5, f"{tick:g}".replace("-", "−"), "quiet end")
    for n, said in ((100, "100"), (1_000, "1,000"), (10_000, "10,000")):
        paper.line((frame.x(log10(n)), frame.bottom), (frame.x(log10(n)), frame.bottom + 5), "axis")
        paper.text(frame.x(log10(n)), frame.bottom + 22, said, "quiet middle")
    paper.area(_around(frame, found.n, found.low, found.high), "a soft")
    for bound in (found.low, found.high):
        paper.curve(_along(frame, found.n, bound), "a")
    for bound in (found.usual_low, found.usual_high):
        paper.curve(_along(frame, found.n, bound), "b thin")
    paper.curve(_along(frame, found.n, found.truth), "n dash")
    paper.curve([(24, 305), (46, 305)], "a")
    paper.text(54, 310, "holds at every look", "quiet")
    paper.curve([(222, 305), (244, 305)], "b thin")
    paper.text(252, 310, "the usual 95 %", "quiet")
    paper.curve([(386, 305), (408, 305)], "n dash")
    paper.text(416, 310, "the truth", "quiet")
    paper.text(20, 331, "mean reward, by logged decisions", "quiet")
    return paper.svg()


def _along(frame: Frame, n: Floats, values: Floats) -> list[Point]:
    return [frame.at(log10(at), float(np.clip(v, -0.75, 1))) for at, v in zip(n, values, strict=True)]


def _around(frame: Frame, n: Floats, low: Floats, high: Floats) -> list[Point]:
    return [*_along(frame, n, low), *reversed(_along(frame, n, high))]
