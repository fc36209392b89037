"""What is left of what was learned when nothing more is heard of a person."""

from itertools import pairwise

from ml.experiments.pictures.paper import Frame, Paper
from ml.experiments.pictures.person import CANDIDATES, NOW, ada, days, policy, rows
from ml.experiments.pictures.way import COLOURS, SHORT
from ml.policy.sums import HALF_LIFE_DAYS

DAYS = range(0, 181, 3)


def forgetting() -> str:
    """What is expected of the very same candidates, had Ada been silent for so long."""
    hb, x = policy(), rows(CANDIDATES, NOW)
    after = [hb.contributions(ada(), x, days(NOW) + day).sum(axis=1).tolist() for day in DAYS]
    anyone = (x @ hb.prior.mean).tolist()
    told = "; ".join(
        f"{name}: {now:.2f} now, {then:.2f} after {DAYS[-1]} days, {new:.2f} for someone new"
        for name, now, then, new in zip(SHORT, after[0], after[-1], anyone, strict=True)
    )
    paper = Paper(316, "Forgetting towards the prior", told)
    paper.text(20, 32, "Ada stays away: she becomes anyone again", "strong")
    every = [score for scores in [*after, anyone] for score in scores]
    frame = Frame((0, DAYS[-1]), (min(0.0, *every) - 0.05, max(every) + 0.05), (56.0, 50.0, 416.0, 244.0))
    for tick in (-0.4, -0.2, 0.0, 0.2, 0.4, 0.6, 0.8):
        if frame.top <= frame.y(tick) <= frame.bottom:
            paper.line((frame.left, frame.y(tick)), (frame.right, frame.y(tick)))
            paper.text(48, frame.y(tick) + 5, f"{tick:g}".replace("-", "−"), "quiet end")
    for tick in range(0, DAYS[-1] + 1, 30):
        paper.text(frame.x(tick), frame.bottom + 24, str(tick), "quiet middle")
    paper.text(20, 302, "expected reward, by days without a reaction", "quiet")
    half = frame.x(HALF_LIFE_DAYS)
    paper.line((half, frame.bottom), (half, frame.top), "mark dash")
    beside = [frame.y(score) for score in after[len(DAYS) // 3]]
    paper.text(half + 8, _roomiest([frame.top, *beside, frame.bottom]) + 5, "reactions count half", "quiet")
    lowest = 0.0
    for row in sorted(range(len(anyone)), key=lambda at: anyone[at]):
        paper.curve(
            [frame.at(day, scores[row]) for day, scores in zip(DAYS, after, strict=True)], COLOURS[row]
        )
        at = frame.y(anyone[row])
        lowest = min(lowest or at, at) if not lowest or at < lowest - 19 else lowest - 19
        paper.dot(frame.right + 8, at, COLOURS[row], 5)
        paper.text(frame.right + 20, lowest + 5, SHORT[row], COLOURS[row])
    return paper.svg()


def _roomiest(places: list[float]) -> float:
    """The middle of the widest gap between them."""
    above, below = max(pairwise(sorted(places)), key=lambda gap: gap[1] - gap[0])
    return (above + below) / 2
