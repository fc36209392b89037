"""Track D: when to interrupt. One pusher (hb_ts, moments), several rules; net reward per person and day."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict

import numpy as np

from ml.experiments.interrupt import Constant, FixedTimes, MakeRule, Quantile, interrupt
from ml.experiments.pusher import Pusher
from ml.experiments.runs import Line, Unit, made_of
from ml.experiments.worlds.regime import TICKS
from ml.experiments.worlds.tape import WORLDS, tape

TRACK = "D"
OURS = "quantile rule"
FIXED = "fixed times"
BLIND = "quantile rule, moments not learned"
CONSTANTS = tuple(round(0.1 * step, 1) for step in range(8))
TUNED: Mapping[str, float] = {"people": 0.3, "goals": 0.3}
"""The best of them on the tuning seeds: `npm run lab -- bakeoff --tracks D --seeds 0-9` plays them all."""


def constant(above: float) -> str:
    return f"constant {above:.1f}"


RULES: dict[str, MakeRule] = {
    OURS: Quantile,
    BLIND: Quantile,
    FIXED: lambda people: FixedTimes(),
    **{constant(above): (lambda people, above=above: Constant(above)) for above in CONSTANTS},  # type: ignore[misc]
}


def units(seeds: Sequence[int], tuning: bool, worlds: Sequence[str] = tuple(WORLDS)) -> list[Unit]:
    one = TICKS.people * TICKS.per_day * TICKS.days
    made = []
    for world in worlds:
        rules = tuple(RULES) if tuning else (OURS, BLIND, FIXED, constant(TUNED[world]))
        made += [Unit(TRACK, world, seed, rules, one * len(rules)) for seed in seeds]
    return made


def work(unit: Unit) -> Iterator[Line]:
    made = tape(WORLDS[unit.place], TICKS, unit.seed)
    for name in unit.agents:
        pusher = Pusher(TICKS.people, waits=name != BLIND)
        rule = RULES[name](TICKS.people)
        result = interrupt(made, pusher, rule, np.random.default_rng([unit.seed, 3]))
        yield {"agent": name, **asdict(result)}


def source(rule: str) -> str:
    return made_of(
        "features",
        "reward",
        "policy",
        "experiments/worlds",
        "experiments/memory.py",
        "experiments/received.py",
        "experiments/play.py",
        "experiments/ours.py",
        "experiments/interrupt.py",
        "experiments/pusher.py",
        "experiments/tracks/timing.py",
    )
