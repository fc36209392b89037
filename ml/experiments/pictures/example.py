"""The worked example as tables and sentences of the page."""

from collections.abc import Sequence

import numpy as np

from ml.experiments.pictures.figure import percent, signed
from ml.experiments.pictures.person import CANDIDATES, NOW, ada, days, decided, policy, reward, rows
from ml.features import BY_COLUMN, NAMES, PARTS, WIDTH
from ml.policy.base import Floats
from ml.policy.inverse_gap import inverse_gap
from ml.policy.linear import EPSILON
from ml.policy.sums import Sums
from ml.reward import Reaction
from ml.state import Learning, Term

LEAST_SHARE, MOST_REASONS = 0.05, 3
"""Of services/recommender/why/reasons.ts."""
HOLDBACK = 0.05
"""Of serving, which the lab does not know."""
TOLD = 5
"""Features in the table of contributions."""
SAID: tuple[tuple[Reaction, str], ...] = (
    ("done", "all"),
    ("snooze", "all"),
    ("dismiss", "all"),
    ("wrong_time", "timing"),
    ("wrong_thing", "choice"),
)


def table(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    aligned = ["---", *("--:" for _ in head[1:])]
    return "\n".join(f"| {' | '.join(line)} |" for line in [head, aligned, *lines])


def candidates() -> str:
    anyone, own = decided(Sums.empty(WIDTH)), decided(ada())
    lines = [
        [
            candidate["id"],
            f"{signed(anyone.scores[at])} ± {anyone.doubt[at]:.2f}",
            percent(anyone.made.probabilities[at]),
            f"{signed(own.scores[at])} ± {own.doubt[at]:.2f}",
            percent(own.made.probabilities[at]),
        ]
        for at, candidate in enumerate(CANDIDATES)
    ]
    return table(["candidate", "anyone", "chance", "**Ada**", "**chance**"], lines)


def drawn() -> str:
    own = decided(ada())
    edges = np.cumsum(own.made.probabilities)
    inside = " · ".join(f"{c['id']} up to {edge:.3f}" for c, edge in zip(CANDIDATES, edges, strict=True))
    return (
        f"The decision’s own random number is {own.chance:.3f}. The chances one after the other: {inside}. "
        f"So the tip is *{CANDIDATES[own.chosen]['id']}*, and its chance, "
        f"{percent(own.made.probabilities[own.chosen])}, is written down with it."
    )


def contributions() -> str:
    """Of the drawn candidate, column by column; what it added on average over all candidates beside it."""
    own, belief = decided(ada()), policy().belief(ada(), days(NOW))
    row, typical = own.made.contributions[own.chosen], own.made.contributions.mean(axis=0)
    apart = row - typical
    told = np.argsort(-np.abs(apart), kind="stable")[:TOLD]
    lines = [
        [
            f"`{NAMES[at]}`",
            signed(own.x[own.chosen, at]),
            f"{signed(belief.prior_mean[at])} → {signed(belief.mean[at])}",
            *(signed(float(part[at]), 3) for part in (row, typical, apart)),
        ]
        for at in told
    ]
    rest = [signed(float(np.delete(part, told).sum()), 3) for part in (row, typical, apart)]
    lines.append(["all others together", "", "", *rest])
    sums = [f"**{signed(float(total), 3)}**" for total in (row.sum(), typical.sum(), apart.sum())]
    head = ["feature", "value", "weight: anyone → Ada", "adds", "all, on average", "sets apart"]
    return table(head, [*lines, ["**score**", "", "", *sums]])


def reasons() -> str:
    own = decided(ada())
    row, typical = own.made.contributions[own.chosen], own.made.contributions.mean(axis=0)
    found = []
    for at, name in enumerate(NAMES):
        more, feature = row[at] - typical[at], BY_COLUMN[name]
        value = own.x[own.chosen, at]
        sentence = feature.reason(name, value) if row[at] > 0 else feature.reason_less(name)
        if more > 0 and sentence:
            found.append((more, sentence))
    whole = sum(more for more, _ in found)
    told = [(more / whole, said) for more, said in sorted(found, reverse=True)]
    kept = [f"*{said}* ({percent(share, 0)})" for share, said in told if share >= LEAST_SHARE][:MOST_REASONS]
    return f"What Ada reads under *why*: {', '.join(kept)}."


def learned() -> str:
    """What the tip's own score and chance would be, had she said this or that of it."""
    own = decided(ada())
    before = [signed(own.scores[own.chosen]), percent(own.made.probabilities[own.chosen])]
    lines = [["nothing yet", "", "", *before]]
    for reaction, part in SAID:
        after = decided(_taught(own.x[own.chosen], reaction, part))
        lines.append(
            [
                f"`{reaction}`",
                signed(reward(reaction), 1),
                part,
                signed(after.scores[own.chosen]),
                percent(after.made.probabilities[own.chosen]),
            ]
        )
    return table(["Ada says", "reward", "teaches", "expected", "chance"], lines)


def _taught(x: Floats, reaction: Reaction, part: str) -> Sums:
    """As ml/state folds it: columns of the other part at 0."""
    hb = policy()
    learning = Learning((hb,), NAMES, PARTS)
    term = Term("e", days(NOW), "d", part, reward(reaction), x.astype("<f8").tobytes(), learning.layout)
    row = learning.row(hb, term, {})
    return ada() if row is None else hb.update(ada(), row, reward(reaction), days(NOW))


def fallback() -> str:
    hb, x = policy(), rows(CANDIDATES, NOW)
    scores = x @ hb.prior.mean
    told = ", ".join(f"{c['id']} {percent(p)}" for c, p in zip(CANDIDATES, inverse_gap(scores), strict=True))
    even = percent(1 / len(CANDIDATES))
    return f"In the example, without Ada’s state: {told}. Without ml: {even} each."


def price() -> str:
    own = decided(ada())
    scores, p = own.scores, own.made.probabilities
    best, mean = round(float(scores.max()), 3), round(float(p @ scores), 3)
    floor = EPSILON * (best - float(scores.mean()))
    held = HOLDBACK * (mean - float(scores.mean()))
    return (
        f"In the example the best candidate is expected to earn {best:.3f} and the lottery "
        f"{mean:.3f} on average: trying costs {best - mean:.3f} a decision, {floor:.3f} "
        f"of it for the floor. Holding back {percent(HOLDBACK, 0)} of the moments costs another {held:.3f}."
    )
