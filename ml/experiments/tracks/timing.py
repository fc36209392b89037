"""Track D: when to interrupt. One chooser (hb_ts), several rules; net reward per person and day."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict

import numpy as np

from ml.experiments.interrupt import Constant, FixedTimes, MakeRule, Quantile, interrupt
from ml.experiments.ours import POLICIES, Ours
from ml.experiments.runs import Line, Unit, made_of
from ml.experiments.worlds.regime import TICKS
from ml.experiments.worlds.tape import WORLDS, tape
from ml.features import COLUMNS, WIDTH

TRACK = "D"
OURS = "quantile rule"
FIXED = "fixed times"
CONSTANTS = tuple(round(0.1 * step, 1) for step in range(-2, 9))
CHOOSER = "hb_ts"


def constant(above: float) -> str:
    return f"constant {above:.1f}"


RULES: dict[str, MakeRule] = {
    OURS: Quantile,
    FIXED: lambda people: FixedTimes(),
    **{constant(above): (lambda people, above=above: Constant(above)) for above in CONSTANTS},  # type: ignore[misc]
}


def units(seeds: Sequence[int], rules: Sequence[str], worlds: Sequence[str] = tuple(WORLDS)) -> list[Unit]:
    cost = TICKS.people * TICKS.per_day * TICKS.days * len(rules)
    return [Unit(TRACK, world, seed, tuple(rules), cost) for seed in seeds for world in worlds]


def work(unit: Unit) -> Iterator[Line]:
    made = tape(WORLDS[unit.place], TICKS, unit.seed)
    for name in unit.agents:
        chooser = Ours(CHOOSER, POLICIES[CHOOSER], WIDTH, COLUMNS, TICKS.people)
        rule = RULES[name](TICKS.people)
        result = interrupt(made, chooser, rule, np.random.default_rng([unit.seed, 3]))
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
    )
