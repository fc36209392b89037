"""The way of a tip, with the example's own figures on it."""

from ml.experiments.pictures.figure import percent, signed
from ml.experiments.pictures.paper import WIDTH, Paper
from ml.experiments.pictures.person import CANDIDATES, Decided, ada, decided
from ml.features import WIDTH as COLUMNS

COLOURS = ("a", "b", "c")
SHORT = ("Landlord", "Photos", "Walk")
NAMES = tuple(candidate["id"] for candidate in CANDIDATES)
LEFT, RIGHT, EDGE = 54.0, WIDTH - 50.0, WIDTH - 22.0
STEPS = (
    (66, "What could be shown", "tasks and some advice; what rests stays out"),
    (196, "What is known of each", f"{COLUMNS} numbers: is it late? long? new? is it evening?"),
    (266, "What oO expects of each, for Ada", ""),
    (388, "A lottery whose odds are written down", ""),
    (490, "One tip", ""),
    (600, "What Ada does with it", "is a reward: from done, +1, to dismiss, −1"),
)


def way() -> str:
    now = decided(ada())
    told = ", ".join(
        f"{name}: expected {score:.2f}, chance {percent(p, 0)}"
        for name, score, p in zip(NAMES, now.scores, now.made.probabilities, strict=True)
    )
    paper = Paper(644, "The way of a tip", f"{told}. The lottery chose: {NAMES[now.chosen]}.")
    paper.text(20, 32, "The way of a tip", "strong")
    paper.line((30, 60), (30, 594), "grid")
    for at, (y, what, how) in enumerate(STEPS):
        paper.dot(30, y - 6, "n", 12)
        paper.text(30, y - 0.5, str(at + 1), "lit middle strong")
        paper.text(LEFT, y, what, "strong")
        if how:
            paper.text(LEFT, y + 23, how, "quiet")
    for at, (name, colour) in enumerate(zip(NAMES, COLOURS, strict=True)):
        paper.dot(LEFT + 6, 108.5 + 23 * at, colour, 6)
        paper.text(LEFT + 20, 114 + 23 * at, name)
    _expected(paper, now)
    _lottery(paper, now)
    paper.rect(LEFT, 505, RIGHT - LEFT, 60, "night", rx=8)
    paper.text((LEFT + RIGHT) / 2, 541, NAMES[now.chosen], "lit middle")
    paper.curve([(RIGHT - 128, 594), (EDGE, 594), (EDGE, 260), (RIGHT - 62, 260)], "n thin")
    paper.area([(RIGHT - 70, 260), (RIGHT - 60, 255), (RIGHT - 60, 265)], "n")
    paper.text(RIGHT - 20, 587, "learned", "quiet end")
    return paper.svg()


def _expected(paper: Paper, now: Decided) -> None:
    top, low, high = 280.0, min(0.0, *now.scores.tolist()), max(0.0, *now.scores.tolist())
    unit = min(420.0, 330.0 / (high - low))
    zero = LEFT + max(2.0, -low * unit)
    paper.line((zero, top - 4), (zero, top + 66), "axis")
    for at, (score, colour) in enumerate(zip(now.scores.tolist(), COLOURS, strict=True)):
        y = top + 23 * at
        paper.rect(zero + min(0.0, score) * unit, y, abs(score) * unit, 16, colour, rx=2)
        paper.text(zero + max(0.0, score) * unit + 8, y + 13.5, signed(score), "quiet")


def _lottery(paper: Paper, now: Decided) -> None:
    left, whole, top = LEFT, RIGHT - LEFT, 402.0
    for p, colour in zip(now.made.probabilities.tolist(), COLOURS, strict=True):
        paper.rect(left, top, max(p * whole - 2, 1.5), 24, colour, rx=2)
        if p > 0.1:
            paper.text(left + p * whole / 2 - 1, top + 17.5, percent(p, 0), "lit middle strong")
        left += p * whole
    at = LEFT + now.chance * whole
    paper.area([(at, top + 28), (at - 6, top + 39), (at + 6, top + 39)], "n")
    side = -1 if now.chance > 0.5 else 1
    style = "quiet end" if side < 0 else "quiet"
    paper.text(at + side * 12, top + 42, f"the number drawn: {now.chance:.2f}", style)
