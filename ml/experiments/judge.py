"""What the lines of tracks B and D come to: means, paired tests by seed, Holm over all comparisons, marks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ml.evaluate import Paired, holm, paired_t
from ml.experiments.marks import Mark, Section, Table
from ml.experiments.ours import ABLATIONS, INCUMBENT, OTHER_WORLD
from ml.experiments.runs import Line
from ml.experiments.tracks import timing
from ml.policy.base import Floats

LEVEL = 0.01
MARGINS: Mapping[str, float] = {"dense": 0.003, "low": 0.012, "sparse": 0.02}
TIMES_FIXED = 2.5


@dataclass(frozen=True, slots=True)
class Scores:
    """A figure of every agent in every place, by seed. Ablations are played on the first seeds alone."""

    of: Mapping[tuple[str, str], Floats]
    seeds: Mapping[tuple[str, str], Sequence[int]]

    @classmethod
    def read(cls, lines: Sequence[Line], figure: str) -> "Scores":
        found: dict[tuple[str, str], dict[int, float]] = {}
        for line in lines:
            found.setdefault((line["place"], line["agent"]), {})[line["seed"]] = line[figure]
        seeds = {at: sorted(by) for at, by in found.items()}
        return cls({at: np.array([by[seed] for seed in seeds[at]]) for at, by in found.items()}, seeds)

    def ahead(self, place: str, one: str, other: str) -> Paired:
        """On the seeds that both were played on."""
        of_one, of_other = (
            dict(zip(self.seeds[place, agent], self.of[place, agent], strict=True)) for agent in (one, other)
        )
        both = [seed for seed in of_one if seed in of_other]
        return paired_t(np.array([of_one[seed] - of_other[seed] for seed in both]))

    def places(self) -> list[str]:
        return list(dict.fromkeys(place for place, _ in self.of))

    def agents(self, place: str) -> list[str]:
        named = [agent for at, agent in self.of if at == place]
        return sorted(named, key=lambda agent: -float(self.of[place, agent].mean()))


def closed_loop(lines: Sequence[Line], peers: Sequence[str]) -> Section:
    whole, week = Scores.read(lines, "mean"), Scores.read(lines, "first_week")
    tables = tuple(_table(place, whole, week) for place in whole.places())
    marks = [mark for place in whole.places() for mark in _against(place, whole, week, peers)]
    marks += [mark for place in whole.places() for mark in _ablated(place, whole)]
    marks += [mark for place in whole.places() for mark in _elsewhere(place, whole, peers)]
    figures = {
        "means": {f"{place}/{agent}": float(values.mean()) for (place, agent), values in whole.of.items()},
        "first_week": {
            f"{place}/{agent}": float(values.mean()) for (place, agent), values in week.of.items()
        },
        "by_persona": _by_persona(lines),
        "by_day": _by_day(lines),
        "calibration": _calibration(lines),
        "seeds": sorted({line["seed"] for line in lines}),
    }
    return Section("B", "simulated people, mean reward per decision", tables, tuple(marks), figures)


def _table(place: str, whole: Scores, week: Scores) -> Table:
    ours = whole.of.get((place, INCUMBENT))
    rows = []
    for agent in whole.agents(place):
        values = whole.of[place, agent]
        first = float(week.of[place, agent].mean())
        reach = paired_t(values).high - values.mean() if len(values) > 1 else float("nan")
        less, p = "", ""
        if ours is not None and agent != INCUMBENT:
            test = whole.ahead(place, INCUMBENT, agent)
            less, p = f"{test.mean:+.4f}", f"{test.p:.1e}"
        rows.append((agent, f"{values.mean():.4f}", f"±{reach:.4f}", f"{first:.4f}", less, p))
    head = ("agent", "mean", "95 %", "first 7 days", f"{INCUMBENT} ahead", "p, paired")
    return Table(f"{place} ({len(ours) if ours is not None else 0} seeds)", head, tuple(rows))


def _against(place: str, whole: Scores, week: Scores, peers: Sequence[str]) -> list[Mark]:
    regime = place.split("/")[1]
    there = [peer for peer in peers if (place, peer) in whole.of]
    if (place, INCUMBENT) not in whole.of or not there:
        return [Mark(f"{place}: above each peer", "no peer was played", None)]
    tests = {peer: whole.ahead(place, INCUMBENT, peer) for peer in there}
    p = dict(zip(there, holm([tests[peer].p for peer in there]), strict=True))
    best = min(there, key=lambda peer: tests[peer].mean)
    worst_p = max(p.values())
    early = {peer: week.ahead(place, INCUMBENT, peer).mean for peer in there}
    soonest = min(early, key=lambda peer: early[peer])
    margin = MARGINS.get(regime, 0.0)
    return [
        Mark(
            f"{place}: above each of {len(there)} peers at p < {LEVEL} (Holm)",
            f"least ahead {tests[best].mean:+.4f} (of {best}), largest p {worst_p:.1e}",
            all(tests[peer].mean > 0 and p[peer] < LEVEL for peer in there),
        ),
        Mark(
            f"{place}: by ≥ {margin} over the best of them",
            f"{tests[best].mean:+.4f} [{tests[best].low:+.4f}, {tests[best].high:+.4f}]",
            tests[best].mean >= margin,
        ),
        Mark(
            f"{place}: first 7 days below none", f"{early[soonest]:+.4f} (of {soonest})", early[soonest] >= 0
        ),
    ]


def _ablated(place: str, whole: Scores) -> list[Mark]:
    marks = []
    for name in ABLATIONS:
        if (place, name) in whole.of and (place, INCUMBENT) in whole.of:
            test = whole.ahead(place, INCUMBENT, name)
            says = f"{place}: {name} loses"
            marks.append(Mark(says, f"{test.mean:+.4f} (p {test.p:.1e})", test.mean > 0 and test.p < 0.05))
    return marks


def _elsewhere(place: str, whole: Scores, peers: Sequence[str]) -> list[Mark]:
    """A prior must not be this world's answers: one that never saw it stays ahead."""
    ours = OTHER_WORLD[place.partition("/")[0]]
    there = [peer for peer in whole.agents(place) if peer in peers]
    if (place, ours) not in whole.of or not there:
        return []
    tests = {peer: whole.ahead(place, ours, peer) for peer in there}
    best = min(there, key=lambda peer: tests[peer].mean)
    figure = f"{tests[best].mean:+.4f} over {best} (p {tests[best].p:.1e})"
    return [Mark(f"{place}: ahead with the other world's prior", figure, tests[best].mean > 0)]


def _by_persona(lines: Sequence[Line]) -> dict[str, dict[str, float]]:
    """Mean reward of each persona over all seeds; the ladder of promotion asks whether any is worse off."""
    found: dict[str, dict[str, list[float]]] = {}
    for line in lines:
        for persona, mean in line.get("by_persona", {}).items():
            found.setdefault(f"{line['place']}/{line['agent']}", {}).setdefault(persona, []).append(mean)
    return {at: {persona: float(np.mean(means)) for persona, means in by.items()} for at, by in found.items()}


def _by_day(lines: Sequence[Line]) -> dict[str, list[float]]:
    """Mean reward of each day over all seeds."""
    sums: dict[str, Floats] = {}
    for line in lines:
        at = f"{line['place']}/{line['agent']}"
        sums[at] = sums.get(at, np.zeros(1)) + np.array(line["by_day"])
    return {at: (both[:, 0] / np.maximum(both[:, 1], 1)).round(4).tolist() for at, both in sums.items()}


def _calibration(lines: Sequence[Line]) -> dict[str, list[list[float]]]:
    sums: dict[str, Floats] = {}
    for line in lines:
        if "calibration" in line:
            sums[line["place"]] = sums.get(line["place"], np.zeros(1)) + np.array(line["calibration"])
    return {place: values.round(3).tolist() for place, values in sums.items()}


def interruptions(lines: Sequence[Line]) -> Section:
    net, sends = Scores.read(lines, "net"), Scores.read(lines, "sends")
    tables, marks = [], []
    for place in net.places():
        tuned = timing.constant(timing.TUNED[place])
        ours, fixed = net.of[place, timing.OURS], net.of[place, timing.FIXED]
        rows = tuple(
            (agent, f"{net.of[place, agent].mean():+.4f}", f"{sends.of[place, agent].mean():.2f}")
            for agent in net.agents(place)
        )
        tables.append(
            Table(f"{place} ({len(ours)} seeds)", ("rule", "net per person-day", "sends a day"), rows)
        )
        times = float(ours.mean() / fixed.mean()) if fixed.mean() > 0 else float("inf")
        best = net.ahead(place, timing.OURS, tuned)
        marks += [
            Mark(
                f"{place}: ≥ {TIMES_FIXED} × fixed times",
                f"{ours.mean():+.3f} against {fixed.mean():+.3f}, {times:.2f} ×",
                bool(ours.mean() > 0 and times >= TIMES_FIXED),
            ),
            Mark(
                f"{place}: above the best constant threshold ({tuned})",
                f"{best.mean:+.4f} (p {best.p:.1e})",
                best.mean > 0 and best.p < LEVEL,
            ),
        ]
    figures = {
        "net": {f"{place}/{rule}": float(values.mean()) for (place, rule), values in net.of.items()},
        "seeds": sorted({line["seed"] for line in lines}),
    }
    return Section("D", "when to interrupt", tuple(tables), tuple(marks), figures)
