"""The quantile rule over a day: which of 28 half hours is worth an interruption."""

from dataclasses import dataclass
from math import isfinite

import numpy as np
from numpy.random import default_rng

from ml.experiments.interrupt import PRICE, SENDS_A_DAY
from ml.experiments.pictures.paper import Frame, Paper
from ml.policy.base import Floats
from ml.policy.timing import Seen, later, send_probability, threshold, usable

FROM, CHANCES = 8.0, 28
GAP = 3
"""Half hours between two sends, at least: one of the hard rules."""
PAST_DAYS = 14
USUAL, SPREAD = 0.08, 0.09
"""What the best candidate is worth, whenever it is sent."""
SEED = 9


@dataclass(frozen=True, slots=True)
class Half:
    """Of one opportunity. `above` is None where a hard rule forbids to send."""

    hour: float
    best: float
    above: float | None
    sent: bool


def _added(hours: Floats) -> Floats:
    """By each moment: a made-up person who is receptive at ten and at half past five, as was learned."""
    morning, evening = ((hours - 10) / 1.6) ** 2, ((hours - 17.5) / 1.8) ** 2
    return np.asarray(0.28 * np.exp(-morning) + 0.34 * np.exp(-evening))


def day() -> list[Half]:
    rng, seen = default_rng(SEED), Seen()
    hours = FROM + np.arange(CHANCES) / 2
    added = _added(hours)
    for choice in rng.normal(USUAL, SPREAD, PAST_DAYS * CHANCES).tolist():
        seen = seen.with_one(choice)
    halves: list[Half] = []
    left, rests = SENDS_A_DAY, 0
    for at, hour in enumerate(hours.tolist()):
        choice, chance = float(rng.normal(USUAL, SPREAD)), rng.random()
        best = choice + float(added[at])
        if rests > 0:
            rests -= 1
            halves.append(Half(hour, best, None, sent=False))
            continue
        to_come = later(seen, choice, added[at:])
        above = threshold(to_come, left, usable(left, CHANCES - at, 30.0), PRICE)
        sent = chance < send_probability(best, above, to_come.deviation, PRICE)
        seen = seen.with_one(choice)
        halves.append(Half(hour, best, above, sent))
        left, rests = left - sent, (GAP - 1) * sent
    return halves


def waiting() -> str:
    halves = day()
    sent = [half for half in halves if half.sent]
    told = ", ".join(f"{_clock(half.hour)} at {half.best:.2f}" for half in sent)
    paper = Paper(340, "Now or later", f"Sent {told}, of {CHANCES} opportunities.")
    paper.text(20, 32, f"Now or later: {SENDS_A_DAY} sends, {CHANCES} half hours", "strong")
    top = max(half.best for half in halves) + 0.1
    frame = Frame((FROM - 0.4, FROM + CHANCES / 2 - 0.1), (-0.2, top), (56.0, 52.0, 500.0, 250.0))
    for tick in (0.0, 0.2, 0.4, 0.6):
        if tick < top:
            paper.line((frame.left, frame.y(tick)), (frame.right, frame.y(tick)), "grid")
            paper.text(48, frame.y(tick) + 5, f"{tick:g}", "quiet end")
    for hour in (8, 11, 14, 17, 20):
        paper.text(frame.x(hour), frame.bottom + 22, f"{hour}:00", "quiet middle")
    for half in halves:
        _threshold(paper, frame, half, top)
        place = frame.at(half.hour, half.best)
        if half.sent:
            paper.line((place[0], frame.bottom), place, "mark dash")
            # On the side where there is room: before the next one, and before the edge.
            crowded = any(0 < frame.x(other.hour) - place[0] < 60 for other in sent)
            away, style = (-7, "b end") if crowded or place[0] > frame.right - 43 else (7, "b")
            paper.text(place[0] + away, frame.bottom - 6, _clock(half.hour), style)
        paper.dot(*place, "b" if half.sent else "n", 6 if half.sent else 4)
    paper.dot(30, 295, "n", 4)
    paper.text(42, 300, "best expected reward", "quiet")
    paper.dot(226, 295, "b", 6)
    paper.text(240, 300, "sent", "quiet")
    paper.curve([(300, 295), (322, 295)], "a")
    paper.text(330, 300, "what it had to exceed", "quiet")
    paper.text(42, 324, "without a line: too soon after a send, or none left", "quiet")
    return paper.svg()


def _threshold(paper: Paper, frame: Frame, half: Half, top: float) -> None:
    if half.above is not None and isfinite(half.above):
        y = frame.y(min(half.above, top))
        paper.curve([(frame.x(half.hour - 0.25), y), (frame.x(half.hour + 0.25), y)], "a")


def _clock(hour: float) -> str:
    return f"{int(hour)}:{round(hour % 1 * 60):02d}"
