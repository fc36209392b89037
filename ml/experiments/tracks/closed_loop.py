"""Track B: simulated people. The score is the mean reward per decision of the closed loop."""

from collections.abc import Iterator, Sequence
from time import process_time

import numpy as np

from ml.experiments.agents import build
from ml.experiments.ours import Ours
from ml.experiments.play import Played, play
from ml.experiments.runs import Line, Unit
from ml.experiments.worlds.regime import REGIMES, Regime
from ml.experiments.worlds.tape import WORLDS, Tape, tape
from ml.features import COLUMNS, WIDTH
from ml.policy.base import Floats

TRACK = "B"
FIRST_DAYS = 7
BINS = 20
"""Of the calibration: expected rewards from -1 to 1."""


def units(
    agents: Sequence[str],
    seeds: Sequence[int],
    regimes: Sequence[str] = tuple(REGIMES),
    worlds: Sequence[str] = tuple(WORLDS),
) -> list[Unit]:
    return [
        Unit(TRACK, f"{world}/{name}", seed, tuple(agents), _cost(REGIMES[name]) * len(agents))
        for seed in seeds
        for world in worlds
        for name in regimes
    ]


def _cost(regime: Regime) -> float:
    return regime.people * regime.per_day * regime.days + 1000.0


def work(unit: Unit) -> Iterator[Line]:
    world, regime = unit.place.split("/")
    made = tape(WORLDS[world], REGIMES[regime], unit.seed)
    for name in unit.agents:
        yield one(made, name, unit.seed)


def one(made: Tape, name: str, seed: int) -> Line:
    """One agent's run. All draw from the same chance: who acts alike is lucky alike."""
    regime = made.stage.regime
    agent = build(name)(WIDTH, COLUMNS, regime.people)
    expected: list[float] = []

    def look(person: int, x: Floats, chosen: int, t: float) -> None:
        expected.append(float(agent.expected(person, x, t)[chosen]) if isinstance(agent, Ours) else np.nan)

    calibrates = name == "hb_ts" and seed % 10 == 0
    began = process_time()
    played = play(made, agent, np.random.default_rng([seed, 2]), look if calibrates else None)
    line = summary(made, played) | {"agent": name, "seconds": round(process_time() - began, 2)}
    return line | ({"calibration": _calibration(np.array(expected), played.reward)} if calibrates else {})


def summary(made: Tape, played: Played) -> Line:
    days, stage = made.stage.regime.days, made.stage
    first = played.day < FIRST_DAYS
    total = np.bincount(played.day, weights=played.reward, minlength=days)
    counts = np.bincount(played.day, minlength=days)
    persona = stage.population.persona[played.person]
    return {
        "mean": float(played.reward.mean()),
        "first_week": float(played.reward[first].mean()) if first.any() else 0.0,
        "decisions": len(played.reward),
        "by_day": [[round(float(s), 3), int(n)] for s, n in zip(total, counts, strict=True)],
        "by_persona": {
            name: float(played.reward[persona == i].mean())
            for i, name in enumerate(stage.population.names)
            if (persona == i).any()
        },
        "dismissed": float((played.reward <= -1).mean()),
    }


def _calibration(expected: Floats, reward: Floats) -> list[list[float]]:
    """For each bin of what was expected: how many, what was expected, what came."""
    at = np.clip(((expected + 1) / 2 * BINS).astype(np.int64), 0, BINS - 1)
    return [
        [int(n), round(float(e), 4), round(float(r), 4)]
        for n, e, r in zip(
            np.bincount(at, minlength=BINS),
            np.bincount(at, weights=expected, minlength=BINS),
            np.bincount(at, weights=reward, minlength=BINS),
            strict=True,
        )
    ]
