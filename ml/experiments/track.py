"""What a track is to the command: units of work, how to do one, and what the lines of all of them come to."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from ml.experiments.marks import Section
from ml.experiments.runs import Line, Unit


class Track(Protocol):
    letter: str

    def work(self, unit: Unit) -> Iterator[Line]:
        """In another process: what the track holds has to survive the way there."""
        ...

    def units(self, seeds: Sequence[int], quick: bool) -> list[Unit]: ...

    def source(self, agent: str) -> str:
        """Of what this agent's lines are made: see `runs.made_of`."""
        ...

    def judge(self, lines: Sequence[Line], quick: bool) -> Section: ...
