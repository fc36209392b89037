"""Track C: do the estimators of ml/evaluate find the truth, from logs of several policies in both worlds?

The truth of a log is what its target would have earned at the very decisions it holds. obp's estimators of
the same names must say the same.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from time import process_time

import numpy as np

from ml.evaluate import (
    Candidates,
    Logged,
    confidence_sequence,
    cross_fit,
    dr,
    dr_outcomes,
    ips,
    ips_outcomes,
    snips,
    switch_dr,
)
from ml.evaluate.outcomes import Outcomes
from ml.experiments.marks import Section
from ml.experiments.runs import Line, Unit, made_of
from ml.experiments.tracks.offpolicy_judge import judged
from ml.experiments.tracks.offpolicy_log import Told, log
from ml.experiments.worlds.regime import REGIMES
from ml.experiments.worlds.tape import WORLDS, tape
from ml.policy.base import Floats

TRACK = "C"
REGIME = "low"
CAP = 20.0
THRESHOLD = 20.0
TARGETS: Mapping[str, tuple[str, ...]] = {
    "random": ("hb_ts", "urgency"),
    "urgency": ("hb_ts", "random"),
    "lints": ("hb_ts", "urgency"),
    "hb_ts": ("lints", "random"),
}
"""Of each logging policy: whom its logs are asked about."""


def estimates(told: Told, target: str) -> Line:
    person, guessed = told.person, _guessed(told)
    logged = told.candidates.logged(person, told.t_days, told.reward, told.target[target], guessed)
    true = told.candidates.sums(told.target[target] * told.would_earn)
    said = {
        "ips": ips(logged, by="decision"),
        "snips": snips(logged, by="decision"),
        "dr": dr(logged, by="decision"),
        "switch_dr": switch_dr(logged, THRESHOLD, by="decision"),
    }
    values = {name: estimate.value for name, estimate in said.items()}
    tail = told.candidates.tail(told.target[target], CAP)
    sequences = {"ips": ips_outcomes(logged, CAP), "dr": dr_outcomes(logged, CAP, tail)}
    obp = import_module("ml.experiments.peers.obp")
    theirs = obp.estimates(told.candidates, told.reward, told.target[target], guessed, THRESHOLD)
    return {
        "truth": float(true.mean()),
        "error": {name: value - float(true.mean()) for name, value in values.items()},
        "se": {name: estimate.se for name, estimate in said.items()},
        "ess": said["ips"].ess,
        "rows": len(true),
        "sequence": {name: _held(outcomes, logged, true) for name, outcomes in sequences.items()},
        "obp": {name: abs(values[name] - theirs[name]) for name in values},
    }


def _guessed(told: Told) -> Floats:
    """r̂ of every candidate; a person's by people who are not that person."""
    candidates: Candidates = told.candidates
    model = cross_fit(told.x[candidates.picked], told.reward, told.person)
    return model.predict(told.x, np.repeat(told.person, candidates.sizes))


def _held(outcomes: Outcomes, logged: Logged, true: Floats) -> tuple[bool, float]:
    """Whether the running truth was inside after every single row, and how wide the bounds are in the end."""
    bounds = confidence_sequence(outcomes)
    in_time = true[np.argsort(logged.t_days, kind="stable")]
    running = np.cumsum(in_time) / np.arange(1, len(true) + 1)
    inside = bool(((bounds.low <= running + 1e-12) & (running <= bounds.high + 1e-12)).all())
    low, high = bounds.now
    return inside, high - low


class OffPolicy:
    letter = TRACK

    def units(self, seeds: Sequence[int], quick: bool) -> list[Unit]:
        cost = REGIMES[REGIME].people * REGIMES[REGIME].per_day * REGIMES[REGIME].days * 6
        worlds = tuple(WORLDS)[:1] if quick else tuple(WORLDS)
        return [
            Unit(TRACK, f"{world}/{logging}", seed, targets, cost)
            for seed in seeds
            for world in worlds
            for logging, targets in TARGETS.items()
        ]

    def work(self, unit: Unit) -> Iterator[Line]:
        world, logging = unit.place.split("/")
        began = process_time()
        told = log(tape(WORLDS[world], REGIMES[REGIME], unit.seed), logging, unit.agents, unit.seed)
        for target in unit.agents:
            seconds = round(process_time() - began, 2)
            yield {"agent": target, "seconds": seconds, **estimates(told, target)}

    def source(self, agent: str) -> str:
        return _source()

    def judge(self, lines: Sequence[Line], quick: bool) -> Section:
        return judged(lines)


@cache
def _source() -> str:
    files = (
        *("memory", "received", "ours", "play", "tracks/offpolicy", "tracks/offpolicy_log", "peers/obp"),
    )
    parts = ("evaluate", "features", "policy", "reward", "experiments/worlds")
    return made_of(*parts, *(f"experiments/{file}.py" for file in files))
