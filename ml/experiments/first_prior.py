"""`lab prior`: the prior that oO ships, from product sense and simulated people.

On tuning seeds both worlds are played, by chance and by our policy with product sense alone; EM over
everyone's sums finds what they have in common. One world alone gives a prior too, so that the lab can meet
each world with the other's.
"""

import argparse
import math
import sys
from collections.abc import Sequence
from itertools import chain
from multiprocessing import get_context
from typing import Any

import numpy as np

from ml.experiments.ours import OF_WORLD, Ours, Recipe
from ml.experiments.play import play
from ml.experiments.worlds.regime import REGIMES
from ml.experiments.worlds.tape import WORLDS, tape
from ml.features import COLUMNS, NAMES, WIDTH
from ml.policy.base import Floats, Prior
from ml.policy.pooling import pooled
from ml.policy.prior import FIRST, SECOND, PriorFile, from_json, to_json
from ml.policy.sums import Sums

PLAYERS = (Recipe("hb_ts", prior=FIRST), Recipe("random", prior=None, pooled=False))
HELD = ("overdue", "due_today", "dismissed_similarity")
"""Here worlds do not overrule sense: what is late or due matters, what is like the refused is refused."""
DIGITS = 4
Asked = tuple[str, str, int, int]
"""World, regime, seed, which of the players."""


def fit(asked: argparse.Namespace) -> dict[str, Any]:
    first, _, last = asked.seeds.partition("-")
    seeds = range(int(first), int(last or first) + 1)
    jobs = [
        (world, regime, seed, player)
        for world in WORLDS
        for seed in seeds
        for regime in REGIMES
        for player in range(len(PLAYERS))
    ]
    with get_context("spawn").Pool(asked.processes) as pool:
        of_jobs = list(zip(jobs, pool.imap(lived, jobs), strict=True))
    files = {SECOND: tuple(WORLDS)} | {OF_WORLD / f"{world}.json": (world,) for world in WORLDS}
    figures: dict[str, Any] = {}
    for path, worlds in files.items():
        people = list(chain.from_iterable(sums for job, sums in of_jobs if job[0] in worlds))
        file = _file(path.stem, worlds, f"{seeds[0]}-{seeds[-1]}", people)
        path.parent.mkdir(exist_ok=True)
        path.write_text(to_json(file))
        sys.stdout.write(f"{path.name}: {len(people)} people, {file.prior.version}\n")
        figures[path.stem] = dict(zip(file.names, file.prior.mean.tolist(), strict=True))
    return figures


def lived(job: Asked) -> list[Sums]:
    """What everyone of a world taught, with nothing forgotten."""
    world, regime, seed, player = job
    agent = _Taught(PLAYERS[player], REGIMES[regime].people)
    play(tape(WORLDS[world], REGIMES[regime], seed), agent, np.random.default_rng([seed, 2]))
    return agent.sums


def _file(stem: str, worlds: Sequence[str], seeds: str, people: Sequence[Sums]) -> PriorFile:
    found = pooled(sense(), people, None, math.inf)
    # Rounded, so that the file can be read; symmetric and still positive definite, or reading it fails.
    prior = Prior(
        found.mean.round(DIGITS),
        found.cov.round(DIGITS + 1),
        round(found.noise_var, DIGITS),
        f"{stem}-1",
    )
    provenance = (
        f"Product sense (first.json) and {len(people)} simulated people of {' and '.join(worlds)} "
        f"(tuning seeds {seeds}, played by hb_ts and by chance; `npm run lab -- prior`). "
        f"By sense alone: {', '.join(HELD)}."
    )
    return PriorFile(NAMES, prior, provenance)


def sense() -> Prior:
    return from_json(FIRST.read_text()).over(NAMES)


class _Taught(Ours):
    """Plays as ever, and adds up beside it. What is held counts as known: it is taken off the reward."""

    def __init__(self, recipe: Recipe, people: int) -> None:
        super().__init__(recipe.policy, recipe, WIDTH, COLUMNS, people)
        self.sums = [Sums.empty(WIDTH) for _ in range(people)]
        self._free = np.array([float(name not in HELD) for name in NAMES])
        self._known = sense().mean * (1.0 - self._free)

    def learn(
        self, person: int, x: Floats, chosen: int, reward: float, probability: float, t_days: float
    ) -> None:
        super().learn(person, x, chosen, reward, probability, t_days)
        self._add(person, x[chosen], None, reward, t_days)

    def revise(
        self, person: int, x: Floats, chosen: int, old: float, new: float, probability: float, t_days: float
    ) -> None:
        super().revise(person, x, chosen, old, new, probability, t_days)
        self._add(person, x[chosen], old, new, t_days)

    def _add(self, person: int, row: Floats, old: float | None, new: float, t_days: float) -> None:
        known = float(row @ self._known)
        was = None if old is None else old - known
        self.sums[person] = self.sums[person].revised(row * self._free, was, new - known, t_days, math.inf)
