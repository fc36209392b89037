"""`lab simulate`: one world, as many people and days as you like, the mix of personas you like."""

import argparse
import sys
from typing import Any

import numpy as np

from ml.evaluate import paired_t
from ml.experiments.agents import build
from ml.experiments.marks import Section, Table, printed
from ml.experiments.play import play
from ml.experiments.tracks.closed_loop import summary
from ml.experiments.worlds.regime import Regime
from ml.experiments.worlds.tape import WORLDS, tape
from ml.experiments.worlds.world import World
from ml.features import COLUMNS, WIDTH


def simulate(asked: argparse.Namespace) -> dict[str, Any]:
    if asked.world not in WORLDS:
        raise SystemExit(f"There is no world {asked.world!r}; there are {', '.join(WORLDS)}.")
    world, policies = WORLDS[asked.world], asked.policies.split(",")
    odds = odds_of(world, asked.personas)
    regime = Regime("own", asked.people, asked.per_day, asked.days, personas=odds)
    first, _, last = asked.seeds.partition("-")
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in policies}
    for seed in range(int(first), int(last or first) + 1):
        made = tape(world, regime, seed)
        for name in policies:
            sys.stderr.write(f"seed {seed} {name}\n")
            agent = build(name)(WIDTH, COLUMNS, regime.people)
            found[name].append(summary(made, play(made, agent, np.random.default_rng([seed, 2]))))
    section = Section("–", f"{asked.world}, your settings", _tables(found), ())
    sys.stdout.write(printed(section) + "\n")
    return {"settings": {**vars(asked), "json": None}, "runs": found}


def odds_of(world: World, text: str) -> tuple[float, ...]:
    if not text:
        return ()
    said = dict(part.split("=", 1) for part in text.split(","))
    unknown = [name for name in said if name not in world.personas]
    if unknown:
        raise SystemExit(f"{world.name} has no persona {unknown[0]!r}: {', '.join(world.personas)}.")
    return tuple(float(said.get(name, 0.0)) for name in world.personas)


def _tables(found: dict[str, list[dict[str, Any]]]) -> tuple[Table, ...]:
    means = {name: np.array([line["mean"] for line in lines]) for name, lines in found.items()}
    order = sorted(means, key=lambda name: -float(means[name].mean()))
    best = means[order[0]]
    rows = tuple(
        (
            name,
            f"{means[name].mean():.4f}",
            f"{np.mean([line['first_week'] for line in found[name]]):.4f}",
            f"{paired_t(best - means[name]).mean:+.4f}",
        )
        for name in order
    )
    personas = sorted(
        {persona for lines in found.values() for line in lines for persona in line["by_persona"]}
    )
    by = tuple(
        (
            persona,
            *(f"{np.mean([ln['by_persona'].get(persona, np.nan) for ln in found[n]]):.3f}" for n in order),
        )
        for persona in personas
    )
    return (
        Table("mean reward per decision", ("policy", "mean", "first 7 days", "best ahead"), rows),
        Table("by persona", ("persona", *order), by),
    )
