"""Runs of the lab, resumable: one JSON line for each that is finished, kept by what it was made of.

A line counts again only while what it depends on is the same: worlds, loop, and the agent's code.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from multiprocessing import get_context
from pathlib import Path
from typing import Any

ML = Path(__file__).resolve().parent.parent
HERE = ML / "experiments"
CHUNK = 6
Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Unit:
    """What one process does at a time: several agents on one tape (or task)."""

    track: str
    place: str
    """World and regime, or the task."""
    seed: int
    agents: tuple[str, ...]
    cost: float
    """Roughly, for the progress bar."""


Work = Callable[[Unit], Iterator[Line]]
"""Yields a line for each agent of the unit, as it finishes: `agent` and its figures."""


def made_of(*parts: str) -> str:
    """A short name of the source of these files and folders of ml."""
    digest = blake2b(digest_size=6)
    for part in parts:
        at = ML / part
        files = sorted(at.rglob("*.py")) if at.is_dir() else [at]
        files += sorted(at.rglob("*.json")) if at.is_dir() else []
        for file in files:
            if not file.name.startswith("test_"):
                digest.update(str(file.relative_to(ML)).encode() + file.read_bytes())
    return digest.hexdigest()


class Kept:
    """Lines in a file; the newest of a key counts."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = folder / "runs.jsonl"
        self.lines: dict[str, Line] = {}
        if self._file.exists():
            for text in self._file.read_text().splitlines():
                try:
                    line = json.loads(text)
                    self.lines[line["key"]] = line
                except (ValueError, KeyError, TypeError):
                    continue  # the end of a run that was killed while writing

    def append(self, line: Line) -> None:
        with self._file.open("a") as file:
            file.write(json.dumps(line) + "\n")
        self.lines[line["key"]] = line


def key(unit: Unit, agent: str, source: str) -> str:
    return f"{unit.track}|{unit.place}|{unit.seed}|{agent}|{source}"


def split(unit: Unit, agents: Iterable[str]) -> list[Unit]:
    """The agents still to do, a few at a time."""
    left, each = list(agents), unit.cost / max(1, len(unit.agents))
    parts = [tuple(left[i : i + CHUNK]) for i in range(0, len(left), CHUNK)]
    return [Unit(unit.track, unit.place, unit.seed, part, each * len(part)) for part in parts]


def run(
    units: Sequence[Unit],
    work: Work,
    source: Callable[[str], str],
    kept: Kept,
    processes: int,
    progress: Callable[[float, float, str], None],
) -> list[Line]:
    """All lines of the units, those kept from before included. `source` names what an agent is made of."""
    missing: list[Unit] = []
    for unit in units:
        missing += split(unit, [a for a in unit.agents if key(unit, a, source(a)) not in kept.lines])
    total, done = sum(unit.cost for unit in missing), 0.0
    # The long ones first, so that both processes end together; seeds in order where the cost is the same.
    missing.sort(key=lambda unit: -unit.cost)
    for unit, lines in _worked(missing, work, processes):
        for line in lines:
            name = key(unit, line["agent"], source(line["agent"]))
            kept.append({"key": name, "track": unit.track, "place": unit.place, "seed": unit.seed, **line})
        done += unit.cost
        progress(done, total, f"{unit.track} {unit.place} seed {unit.seed}")
    return [kept.lines[key(unit, a, source(a))] for unit in units for a in unit.agents]


def _worked(units: Sequence[Unit], work: Work, processes: int) -> Iterator[tuple[Unit, list[Line]]]:
    if processes <= 1 or len(units) <= 1:
        for unit in units:
            yield unit, list(work(unit))
        return
    # Spawned, not forked: some peers start threads of their own, which do not survive a fork.
    with get_context("spawn").Pool(processes, maxtasksperchild=16) as pool:
        yield from pool.imap_unordered(_Job(work), units)


@dataclass(frozen=True, slots=True)
class _Job:
    work: Work

    def __call__(self, unit: Unit) -> tuple[Unit, list[Line]]:
        return unit, list(self.work(unit))
