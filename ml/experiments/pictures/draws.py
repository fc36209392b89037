"""From draws to probabilities: the same decision with another temper."""

import numpy as np

from ml.experiments.pictures.figure import percent
from ml.experiments.pictures.paper import WIDTH as PAPER
from ml.experiments.pictures.paper import Frame, Paper
from ml.experiments.pictures.person import CANDIDATES, DECISION, NOW, ada, days, policy, posterior, rows
from ml.experiments.pictures.way import COLOURS, SHORT
from ml.features import WIDTH
from ml.policy.base import Floats
from ml.policy.draw import rng_for
from ml.policy.hb_ts import DRAWS
from ml.policy.normals import normals
from ml.policy.thompson import drawn_scores


def tempers() -> dict[float, str]:
    """Each with what it is; the middle one is what Ada is known enough for."""
    return {
        0.0: "the mean alone",
        policy().tempered(ada(), days(NOW)): "as oO decides",
        1.0: "the whole doubt",
    }


def scores(v: float) -> tuple[Floats, Floats]:
    """The drawn scores of each candidate, a row per draw, and the probabilities they come to."""
    hb, x = policy(v=v, ripe=0.0), rows(CANDIDATES, NOW)
    believed = posterior(ada(), hb.prior, days(NOW))
    k = len(x)
    z, _ = normals(rng_for(DECISION, "policy:hb_ts"), DRAWS * WIDTH, DRAWS * k)
    drawn = drawn_scores(believed, x, z.reshape(DRAWS, WIDTH), v)
    return drawn, hb.choose(ada(), x, rng_for(DECISION, "policy:hb_ts"), days(NOW))


def draws() -> str:
    said = tempers()
    found = [(v, *scores(v)) for v in said]
    told = "; ".join(f"v = {v:.2g}: " + ", ".join(percent(p) for p in shares) for v, _, shares in found)
    paper = Paper(
        430, "From draws to probabilities", f"{told}, for {', '.join(c['id'] for c in CANDIDATES)}."
    )
    paper.text(20, 32, f"{DRAWS} draws vote, more or less boldly", "strong")
    every = np.concatenate([drawn.ravel() for _, drawn, _ in found])
    low, high = float(every.min()), float(every.max())
    for at, (v, drawn, shares) in enumerate(found):
        top = 66 + 118 * at
        paper.text(20, top, f"v = {v:.2g}", "strong")
        paper.text(110, top, said[v], "quiet")
        frame = Frame((low, high), (0, 1), (110.0, top, PAPER - 96.0, top + 90))
        won = drawn.argmax(axis=1)
        for row, (name, colour) in enumerate(zip(SHORT, COLOURS, strict=True)):
            y = top + 24 + 26 * row
            paper.text(20, y + 5, name, colour)
            paper.line((frame.left, y), (frame.right, y), "grid")
            for style, some in (("n some", won != row), (colour, won == row)):
                paper.dots([frame.x(score) for score in drawn[some, row].tolist()], y, style)
            paper.text(PAPER - 20, y + 5, percent(shares[row]), "strong end")
    paper.text(20, 414, "a dot: the score in one draw; coloured if it won", "quiet")
    return paper.svg()
