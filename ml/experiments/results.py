"""The report as a page: what was reached and what was not, the pictures, and every table."""

from collections.abc import Mapping, Sequence
from typing import Any

PICTURES = {
    "learning-curves.png": "Mean reward by day of the best agents in each place",
    "wins.png": "In how many places the row is ahead of the column",
    "calibration.png": "What hb_ts expected of its choices against what came",
}
SIGN = {True: "yes", False: "**no**", None: "not measured"}


def results(report: Mapping[str, Any]) -> str:
    reached = report["marks"]
    parts = [
        "# What the lab found",
        f"Made on {report['made']} by `npm run lab -- bakeoff`, which writes this page; what the words mean:"
        f" [README.md](README.md). **{reached['reached']} of {reached['of']}** pass marks were reached.",
    ]
    for letter, track in sorted(report["tracks"].items()):
        parts.append(f"## Track {letter}: {track['title']}")
        parts.append(f"Seeds {_ranges(track['figures']['seeds'])}.")
        marks = [(mark["says"], mark["figure"], SIGN[mark["passed"]]) for mark in track["marks"]]
        parts.append(_table(("asked", "found", "reached"), marks))
        if letter == "B":
            parts += [f"![{about}]({name})" for name, about in PICTURES.items()]
        for table in track["tables"]:
            parts.append(f"<details><summary>{table['title']}</summary>")
            parts += [_table(table["head"], table["rows"]), "</details>"]
    return "\n\n".join(parts) + "\n"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    aligned = ["---", *("--:" for _ in head[1:])]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, aligned, *rows))


def _ranges(seeds: Sequence[int]) -> str:
    """1, 2, 3, 7 as 1–3, 7."""
    parts: list[list[int]] = []
    for seed in sorted(seeds):
        if parts and seed == parts[-1][1] + 1:
            parts[-1][1] = seed
        else:
            parts.append([seed, seed])
    return ", ".join(f"{a}–{b}" if b > a else f"{a}" for a, b in parts)
