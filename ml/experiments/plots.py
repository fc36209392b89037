"""Pictures of the report: learning curves, wins and losses, calibration."""

from pathlib import Path
from typing import Any

import numpy as np

from ml.experiments.ours import INCUMBENT
from ml.policy.base import Floats

FEW = 7
"""So many agents have a curve of their own."""
SMOOTH_DAYS = 5


def draw_all(report: dict[str, Any], folder: Path) -> None:
    """Where matplotlib is not installed there are no pictures."""
    try:
        from matplotlib import pyplot  # noqa: PLC0415 (an environment of its own)
    except ImportError:
        return
    pyplot.switch_backend("Agg")
    folder.mkdir(parents=True, exist_ok=True)
    figures = report["tracks"].get("B", {}).get("figures")
    if figures:
        _curves(pyplot, figures, folder / "learning-curves.png")
        _wins(pyplot, figures, folder / "wins.png")
        _calibration(pyplot, figures, folder / "calibration.png")


def _places(figures: dict[str, Any]) -> dict[str, dict[str, float]]:
    places: dict[str, dict[str, float]] = {}
    for at, mean in figures["means"].items():
        world, regime, agent = at.split("/", 2)
        places.setdefault(f"{world}/{regime}", {})[agent] = mean
    return places


def _curves(pyplot: Any, figures: dict[str, Any], path: Path) -> None:
    places = _places(figures)
    figure, axes = pyplot.subplots(2, -(-len(places) // 2), figsize=(15, 8), squeeze=False)
    for axis, (place, means) in zip(axes.flat, places.items(), strict=False):
        plain = [agent for agent in means if not agent.startswith(f"{INCUMBENT},")]
        best = sorted(plain, key=lambda agent: -means[agent])[:FEW]
        for agent in dict.fromkeys([INCUMBENT, *best, "random"]):
            by_day = figures["by_day"].get(f"{place}/{agent}")
            if by_day:
                axis.plot(_smooth(np.array(by_day)), label=agent, lw=2.5 if agent == INCUMBENT else 1)
        axis.set(title=place, xlabel="day", ylabel=f"reward, mean of {SMOOTH_DAYS} days")
        axis.legend(fontsize=7)
    _save(pyplot, figure, path)


def _smooth(values: Floats) -> Floats:
    return np.convolve(values, np.ones(SMOOTH_DAYS) / SMOOTH_DAYS, mode="valid")


def _wins(pyplot: Any, figures: dict[str, Any], path: Path) -> None:
    """In how many places the row's mean is above the column's."""
    places = _places(figures)
    agents = sorted({a for means in places.values() for a in means if "," not in a})
    agents.sort(key=lambda a: -float(np.mean([means.get(a, -1.0) for means in places.values()])))
    ahead = np.array(
        [[sum(a in m and b in m and m[a] > m[b] for m in places.values()) for b in agents] for a in agents]
    )
    figure, axis = pyplot.subplots(figsize=(9, 8))
    axis.imshow(ahead, cmap="RdYlGn", vmin=0, vmax=len(places))
    axis.set_xticks(range(len(agents)), agents, rotation=90, fontsize=7)
    axis.set_yticks(range(len(agents)), agents, fontsize=7)
    for i, j in np.ndindex(ahead.shape):
        axis.text(j, i, str(ahead[i, j]) if i != j else "", ha="center", va="center", fontsize=7)
    axis.set_title(f"row ahead of column, of {len(places)} places")
    _save(pyplot, figure, path)


def _calibration(pyplot: Any, figures: dict[str, Any], path: Path) -> None:
    figure, axis = pyplot.subplots(figsize=(6, 6))
    for place, bins in figures["calibration"].items():
        n, expected, came = np.array(bins).T
        enough = n >= 50
        axis.plot(expected[enough] / n[enough], came[enough] / n[enough], "o-", ms=4, label=place)
    axis.plot([-1, 1], [-1, 1], "k--", lw=0.8)
    axis.set(
        xlabel="expected reward of the choice", ylabel="mean reward that came", xlim=(-0.7, 1), ylim=(-0.7, 1)
    )
    axis.legend(fontsize=7)
    axis.set_title(f"is {INCUMBENT} right about what it chooses?")
    _save(pyplot, figure, path)


def _save(pyplot: Any, figure: Any, path: Path) -> None:
    figure.tight_layout()
    figure.savefig(path, dpi=80, metadata={"Software": None})
    pyplot.close(figure)
