"""What the losses of track A come to: a table of tasks, a matrix of wins, marks."""

from collections.abc import Mapping, Sequence

import numpy as np

from ml.evaluate import holm, paired_t
from ml.experiments.marks import Mark, Section, Table
from ml.experiments.runs import Line
from ml.policy.base import Floats

LEVEL = 0.05
AHEAD_OF_VW = 6
Losses = Mapping[tuple[str, str], Floats]
"""Of a task and a player: a loss per seed, the same seeds for all."""


def judged(lines: Sequence[Line], ours: Sequence[str]) -> Section:
    """The first of `ours` is the incumbent; the others are there to be seen."""
    losses = _losses(lines)
    tasks = list(dict.fromkeys(task for task, _ in losses))
    players = sorted(dict.fromkeys(name for _, name in losses), key=lambda name: _mean(losses, tasks, name))
    wins = {(a, b): _net(losses, tasks, a, b) for a in players for b in players if a != b}
    peers, incumbent = [name for name in players if name not in ours], ours[0]
    marks: list[Mark] = []
    if peers and incumbent in players:
        marks = _marks(losses, tasks, incumbent, peers, wins)
    figures = {
        "means": {name: _mean(losses, tasks, name) for name in players},
        "losses": {f"{task}/{name}": float(values.mean()) for (task, name), values in losses.items()},
        "wins": {f"{a} against {b}": list(of) for (a, b), of in wins.items()},
        "seeds": sorted({line["seed"] for line in lines}),
    }
    tables = (_by_task(losses, tasks, players), _matrix(players, wins))
    return Section("A", "bake-off, progressive validation loss", tables, tuple(marks), figures)


def _losses(lines: Sequence[Line]) -> Losses:
    found: dict[tuple[str, str], dict[int, float]] = {}
    for line in lines:
        found.setdefault((line["place"], line["agent"]), {})[line["seed"]] = line["loss"]
    return {at: np.array([of[seed] for seed in sorted(of)]) for at, of in found.items()}


def _mean(losses: Losses, tasks: Sequence[str], name: str) -> float:
    return float(np.mean([losses[task, name].mean() for task in tasks]))


def _net(losses: Losses, tasks: Sequence[str], a: str, b: str) -> tuple[int, int]:
    """On how many tasks a is better than b, and worse: paired by seed, Holm over the tasks."""
    tests = [paired_t(losses[task, b] - losses[task, a]) for task in tasks]
    sure = [p < LEVEL for p in holm([test.p for test in tests])]
    won = sum(yes and test.mean > 0 for yes, test in zip(sure, tests, strict=True))
    lost = sum(yes and test.mean < 0 for yes, test in zip(sure, tests, strict=True))
    return won, lost


def _by_task(losses: Losses, tasks: Sequence[str], players: Sequence[str]) -> Table:
    seeds = max(len(values) for values in losses.values())
    rows = [(task, *(f"{losses[task, name].mean():.3f}" for name in players)) for task in tasks]
    rows.append(("mean", *(f"{_mean(losses, tasks, name):.4f}" for name in players)))
    return Table(f"loss by task ({seeds} seeds)", ("task", *players), tuple(rows))


def _matrix(players: Sequence[str], wins: Mapping[tuple[str, str], tuple[int, int]]) -> Table:
    rows = tuple(
        (a, *("" if a == b else f"+{wins[a, b][0]} −{wins[a, b][1]}" for b in players)) for a in players
    )
    return Table("tasks won and lost by the row against the column, p < .05 (Holm)", ("", *players), rows)


def _marks(
    losses: Losses,
    tasks: Sequence[str],
    incumbent: str,
    peers: Sequence[str],
    wins: Mapping[tuple[str, str], tuple[int, int]],
) -> list[Mark]:
    mean = _mean(losses, tasks, incumbent)
    best = min(peers, key=lambda name: _mean(losses, tasks, name))
    of_best = _mean(losses, tasks, best)
    net = {peer: wins[incumbent, peer][0] - wins[incumbent, peer][1] for peer in peers}
    least = min(peers, key=lambda peer: net[peer])
    marks = [
        Mark("mean loss ≤ every peer's", f"{mean:.4f} against {of_best:.4f} ({best})", mean <= of_best),
        Mark("net significant wins ≥ 0 against each", f"least {net[least]:+d} ({least})", net[least] >= 0),
    ]
    for peer in (name for name in peers if name.startswith("vw")):
        says = f"≥ +{AHEAD_OF_VW} of {len(tasks)} net against {peer}"
        marks.append(Mark(says, f"{net[peer]:+d}", net[peer] >= AHEAD_OF_VW))
    return marks
