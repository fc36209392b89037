"""The tracks of `npm run lab`, by letter."""

from collections.abc import Iterator, Mapping, Sequence

from ml.experiments import judge
from ml.experiments.agents import OURS, peers, source
from ml.experiments.marks import Section
from ml.experiments.ours import ABLATIONS, POLICIES, VARIANTS
from ml.experiments.runs import Line, Unit
from ml.experiments.track import Track
from ml.experiments.tracks import closed_loop, timing
from ml.experiments.tracks.bakeoff import BakeOff
from ml.experiments.tracks.offpolicy import OffPolicy

TUNING = range(10)
"""Seeds on which peers and constants are tuned; what is reported comes from others."""
ABLATION_SEEDS = 10


class ClosedLoop:
    letter = closed_loop.TRACK

    def work(self, unit: Unit) -> Iterator[Line]:
        return closed_loop.work(unit)

    def units(self, seeds: Sequence[int], quick: bool) -> list[Unit]:
        regimes = ("low",) if quick else ("dense", "low", "sparse")
        played = (*POLICIES, *peers())
        ablated = closed_loop.units((*ABLATIONS, *VARIANTS), seeds[:ABLATION_SEEDS], regimes)
        return closed_loop.units(played, seeds, regimes) + ([] if quick else ablated)

    def source(self, agent: str) -> str:
        return source(agent)

    def judge(self, lines: Sequence[Line], quick: bool) -> Section:
        there = {line["agent"] for line in lines}
        return judge.closed_loop(lines, [name for name in there if name not in OURS])


class Timing:
    letter = timing.TRACK

    def work(self, unit: Unit) -> Iterator[Line]:
        return timing.work(unit)

    def units(self, seeds: Sequence[int], quick: bool) -> list[Unit]:
        return timing.units(seeds[:1] if quick else seeds, tuning=all(seed in TUNING for seed in seeds))

    def source(self, agent: str) -> str:
        return timing.source(agent)

    def judge(self, lines: Sequence[Line], quick: bool) -> Section:
        return judge.interruptions(lines)


TRACKS: Mapping[str, Track] = {
    track.letter: track for track in (BakeOff(), ClosedLoop(), OffPolicy(), Timing())
}
