"""What a track says in the end: tables, and pass marks with their figure and yes or no."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Mark:
    says: str
    figure: str
    passed: bool | None
    """None: not measured here."""


@dataclass(frozen=True, slots=True)
class Table:
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    track: str
    title: str
    tables: tuple[Table, ...]
    marks: tuple[Mark, ...]
    figures: dict[str, Any] = field(default_factory=dict)
    """For report.json and the plots."""

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def printed(section: Section) -> str:
    parts = [f"\nTrack {section.track}: {section.title}"]
    parts += [f"\n{table.title}\n{_grid((table.head, *table.rows))}" for table in section.tables]
    if section.marks:
        parts += ["\nPass marks", *(f"  {_sign(mark)}  {mark.says}: {mark.figure}" for mark in section.marks)]
    return "\n".join(parts)


def _sign(mark: Mark) -> str:
    return "n/a" if mark.passed is None else ("yes" if mark.passed else "NO ")


def _grid(rows: Sequence[tuple[str, ...]]) -> str:
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = [
        "  "
        + "  ".join(
            cell.ljust(w) if i == 0 else cell.rjust(w)
            for i, (cell, w) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
    return "\n".join(lines)
