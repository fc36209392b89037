"""How one weight moves from the prior as reactions come, for a person whose weight is another."""

from datetime import timedelta
from math import exp, pi, sqrt

import numpy as np
from numpy.random import default_rng

from ml.experiments.pictures.paper import Frame, Paper
from ml.experiments.pictures.person import NOW, days, policy, rows, task
from ml.features import COLUMNS
from ml.policy.base import Floats

WEIGHT, REALLY = "priority", -0.35
AFTER = (0, 3, 10, 40)
STEPS = np.array([-1.0, -0.5, 0.0, 0.5, 1.0])
SEED = 4
STYLES = ("n", "a some", "a most", "a")


def beliefs() -> list[tuple[int, float, float]]:
    """(reactions, mean, deviation): three tips a day, every other one important, answers by chance."""
    hb, rng = policy(), default_rng(SEED)
    column, truth = COLUMNS[WEIGHT], hb.prior.mean.copy()
    truth[column] = REALLY
    state, found = hb.fresh(), []
    for at in range(max(AFTER) + 1):
        then = NOW + timedelta(hours=8 * at)
        if at in AFTER:
            belief = hb.belief(state, days(then))
            found.append((at, float(belief.mean[column]), float(belief.sd[column])))
        shown = task("a task", priority=4 if at % 2 == 0 else 1)
        x = rows((shown,), then)[0]
        state = hb.update(state, x, _answer(float(x @ truth), rng.normal(0.0, 0.4)), days(then))
    return found


def _answer(expected: float, noise: float) -> float:
    """The nearest of what a reaction may earn."""
    nearest: Floats = np.abs(STEPS - expected - noise)
    return float(STEPS[int(nearest.argmin())])


def belief() -> str:
    found = beliefs()
    told = "; ".join(f"after {n} reactions {mean:.2f} ± {sd:.2f}" for n, mean, sd in found)
    paper = Paper(304, "What oO believes of one weight", f"{told}. The true weight is {REALLY}.")
    paper.text(20, 32, "“It is important”: what oO believes it adds", "strong")
    top = 1 / (sqrt(2 * pi) * min(sd for _, _, sd in found))
    frame = Frame((-0.8, 1.2), (0.0, top), (20.0, 74.0, 500.0, 244.0))
    for tick in (-0.5, 0.0, 0.5, 1.0):
        paper.line(frame.at(tick, 0), (frame.x(tick), frame.bottom + 5), "axis")
        paper.text(frame.x(tick), frame.bottom + 24, f"{tick:g}".replace("-", "−"), "quiet middle")
    paper.line((frame.left, frame.bottom), (frame.right, frame.bottom), "axis")
    paper.line((frame.x(REALLY), 52), (frame.x(REALLY), frame.bottom), "mark dash")
    paper.text(frame.x(REALLY) - 8, 64, "the truth", "quiet end")
    grid = np.linspace(-0.8, 1.2, 121).tolist()
    for (_, mean, sd), style in zip(found, STYLES, strict=True):
        points = [frame.at(at, exp(-(((at - mean) / sd) ** 2) / 2) / (sqrt(2 * pi) * sd)) for at in grid]
        paper.curve(points, style)
    _legend(paper, found)
    paper.text(20, 292, "the weight, and how likely it is to be so much", "quiet")
    return paper.svg()


def _legend(paper: Paper, found: list[tuple[int, float, float]]) -> None:
    for at, ((n, _, _), style) in enumerate(zip(found, STYLES, strict=True)):
        y = 76 + 23 * at
        paper.curve([(358, y - 5), (382, y - 5)], style)
        paper.text(392, y, f"{n} reactions" if n else "someone new", "quiet")
