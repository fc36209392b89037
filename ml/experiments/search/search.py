"""Every setting of a peer on tuning seeds, by its mean over places: what `peers/README.md` says was tried.

It names the best and writes nothing: what plays is chosen by hand (`chosen_agents.py`, `chosen_bandits.py`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from time import process_time
from typing import Any, Protocol

import numpy as np

from ml.experiments import agents
from ml.experiments.marks import Section, Table
from ml.experiments.play import play
from ml.experiments.runs import Line, Unit, made_of
from ml.experiments.search.grid import Grid, Settings, named, read
from ml.experiments.tracks import bakeoff, closed_loop
from ml.experiments.worlds.regime import REGIMES
from ml.experiments.worlds.tape import WORLDS, tape
from ml.features import COLUMNS, WIDTH

EVERY = 1000
SOME = ("wine", "diabetes", "segments", "made_bent", "coba_neighbors", "drift_slow")
"""The tasks on which every setting plays: one of each sort, or a setting of another sort wins."""
PLACES = 6
"""More are not shown one by one."""


@dataclass(frozen=True, slots=True)
class Round:
    """The best so many settings, on the seeds from 0; means count earlier rounds as well."""

    settings: int
    seeds: int
    places: tuple[str, ...]


class Searched(Protocol):
    """A track as the search needs it. A line's `score` is better when it is higher."""

    @property
    def letter(self) -> str: ...

    @property
    def rounds(self) -> tuple[Round, ...]: ...

    def grids(self) -> Mapping[str, Grid]: ...

    def units(self, names: Sequence[str], seeds: Sequence[int], places: Sequence[str]) -> list[Unit]: ...

    def source(self) -> str: ...

    def work(self, unit: Unit) -> Iterator[Line]: ...


class AmongCandidates:
    """Places are worlds and regimes. One configuration serves all, so the last few meet `sparse` too."""

    letter = closed_loop.TRACK
    low = ("people/low", "goals/low")
    rounds = (
        Round(EVERY, 1, ("people/low",)),
        Round(5, 1, low),
        Round(3, 2, low),
        Round(2, 1, ("people/sparse", "goals/sparse")),
    )

    def grids(self) -> Mapping[str, Grid]:
        found: Mapping[str, Grid] = import_module("ml.experiments.search.agents").GRIDS
        return found

    def units(self, names: Sequence[str], seeds: Sequence[int], places: Sequence[str]) -> list[Unit]:
        said = [place.split("/") for place in places]
        of = [
            closed_loop.units(names, [seed], (regime,), (world,)) for seed in seeds for world, regime in said
        ]
        return [unit for units in of for unit in units]

    def source(self) -> str:
        return made_of(*agents.COMMON, "experiments/peers")

    def work(self, unit: Unit) -> Iterator[Line]:
        world, regime = unit.place.split("/")
        made = tape(WORLDS[world], REGIMES[regime], unit.seed)
        for name in unit.agents:
            began = process_time()
            agent = self._make(name)(WIDTH, COLUMNS, made.stage.regime.people)
            played = play(made, agent, np.random.default_rng([unit.seed, 2]))
            yield _line(name, float(played.reward.mean()), began)

    def _make(self, name: str) -> Any:
        peer, settings = read(name)
        return self.grids()[peer].make(**settings)


class OverFixedActions:
    """Places are tasks."""

    letter = bakeoff.TRACK
    rounds = (Round(EVERY, 1, SOME), Round(4, 1, bakeoff.TASKS), Round(2, 3, bakeoff.TASKS))

    def grids(self) -> Mapping[str, Grid]:
        found: Mapping[str, Grid] = import_module("ml.experiments.search.bandits").GRIDS
        return found

    def units(self, names: Sequence[str], seeds: Sequence[int], places: Sequence[str]) -> list[Unit]:
        cost = bakeoff.COST * len(names)
        return [Unit(bakeoff.TRACK, task, seed, tuple(names), cost) for seed in seeds for task in places]

    def source(self) -> str:
        return made_of(*bakeoff.COMMON, "experiments/peers", "experiments/tracks/disjoint.py")

    def work(self, unit: Unit) -> Iterator[Line]:
        task = bakeoff.task_of(unit.place, unit.seed)
        for name in unit.agents:
            began = process_time()
            peer, settings = read(name)
            player = self.grids()[peer].make(**settings)(task.rewards.shape[1], task.contexts.shape[1])
            lost = bakeoff.loss(task, player, bakeoff.chance(unit.seed, unit.place))
            yield _line(name, 1.0 - lost, began)


SEARCHED: Mapping[str, Searched] = {track.letter: track for track in (OverFixedActions(), AmongCandidates())}


def _line(name: str, score: float, began: float) -> Line:
    return {"agent": name, "score": score, "seconds": round(process_time() - began, 2)}


@dataclass(frozen=True, slots=True)
class Ranked:
    settings: Settings
    mean: float
    by_place: Mapping[str, float]
    seconds: float


def ranked(lines: Sequence[Line]) -> list[Ranked]:
    """Best first. A mean over places, so that one configuration has to serve all."""
    found: dict[str, dict[str, list[Line]]] = {}
    for line in lines:
        found.setdefault(line["agent"], {}).setdefault(line["place"], []).append(line)
    of = [
        Ranked(
            settings=read(name)[1],
            mean=float(np.mean([np.mean([line["score"] for line in at]) for at in places.values()])),
            by_place={place: float(np.mean([line["score"] for line in at])) for place, at in places.items()},
            seconds=float(np.mean([line["seconds"] for at in places.values() for line in at])),
        )
        for name, places in found.items()
    ]
    return sorted(of, key=lambda each: -each.mean)


def search(
    track: Searched,
    peers: Sequence[str],
    rounds: Sequence[Round],
    play_all: Callable[[Sequence[Unit]], list[Line]],
) -> Section:
    """Every setting on few seeds, fewer and fewer on more. All peers at once: nothing waits for the last."""
    tables: list[Table] = []
    left = {peer: [named(peer, settings) for settings in track.grids()[peer].settings] for peer in peers}
    lines: dict[str, Line] = {}
    for number, this in enumerate(rounds, 1):
        left = {peer: names[: this.settings] for peer, names in left.items()}
        playing = [name for names in left.values() for name in names]
        for line in play_all(track.units(playing, range(this.seeds), this.places)):
            lines[line["key"]] = line
        for peer, names in left.items():
            best = ranked([line for line in lines.values() if line["agent"] in names])
            left[peer] = [named(peer, each.settings) for each in best]
            tables.append(_table(f"{peer}, round {number}: {len(names)} settings", best))
    return Section(track.letter, "search", tuple(sorted(tables, key=lambda table: table.title)), ())


def _table(title: str, best: Sequence[Ranked]) -> Table:
    places = list(best[0].by_place) if len(best[0].by_place) <= PLACES else []
    rows = tuple(
        (
            " ".join(f"{key}={value}" for key, value in each.settings.items()),
            f"{each.mean:.4f}",
            *(f"{each.by_place[place]:.4f}" for place in places),
            f"{each.seconds:.1f}",
        )
        for each in best
    )
    return Table(title, ("settings", "mean", *places, "s"), rows)
