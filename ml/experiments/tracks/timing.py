"""Track D: when to interrupt. One pusher (hb_ts, moments), several rules; net reward per person and day."""

from collections.abc import Iterator, Sequence
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
CONSTANTS = tuple(round(0.1 * step, 1) for step in range(-2, 9))


def constant(above: float) -> str:
    return f"constant {above:.1f}"


RULES: dict[str, MakeRule] = {
    OURS: Quantile,
    BLIND: Quantile,
    FIXED: lambda people: FixedTimes(),
    **{constant(above): (lambda people, above=above: Constant(above)) for above in CONSTANTS},  # type: ignore[misc]
}


def units(seeds: Sequence[int], rules: Sequence[str], worlds: Sequence[str] = tuple(WORLDS)) -> list[Unit]:
    cost = TICKS.people * TICKS.per_day * TICKS.days * len(rules)
    return [Unit(TRACK, world, seed, tuple(rules), cost) for seed in seeds for world in worlds]


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
        "experiments/play.py",
        "experiments/ours.py",
        "experiments/interrupt.py",
        "experiments/pusher.py",
    )
