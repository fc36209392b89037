"""A tape: a world's stage, what is felt on it and the columns oO sees of it. A seed makes it, for all."""

from dataclasses import dataclass

import numpy as np

from ml.experiments.worlds.columns import Tables, columns, tables
from ml.experiments.worlds.goals import Goals
from ml.experiments.worlds.people import People
from ml.experiments.worlds.regime import Regime
from ml.experiments.worlds.stage import Stage, stage
from ml.experiments.worlds.world import Opened, World
from ml.policy.base import Floats

WORLDS: dict[str, World] = {world.name: world for world in (People(), Goals())}


@dataclass(frozen=True, slots=True, eq=False)
class Tape:
    stage: Stage
    opened: Opened
    x: Floats
    tables: Tables


def tape(world: World, regime: Regime, seed: int) -> Tape:
    """Parts of chance are apart: what is felt does not move when the stage needs another number."""
    of_stage, of_feelings = np.random.default_rng([seed, 0]), np.random.default_rng([seed, 1])
    made = stage(regime, world.traits, world.personas, of_stage)
    return Tape(made, world.felt(made, of_feelings), columns(made), tables())
