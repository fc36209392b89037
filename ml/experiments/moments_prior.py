"""`lab prior --of moments`: what is assumed of moments before anyone agreed to pooling.

On tuning seeds both worlds are played, by the rule and by chance; EM over everyone's sums finds what hours
have in common. In the lab a prior of one world alone helped in the other nearly as much.
"""

import argparse
import math
import sys
from itertools import chain
from multiprocessing import get_context
from typing import Any

import numpy as np

from ml.experiments.first_prior import DIGITS
from ml.experiments.interrupt import Moment, Quantile, Rule, interrupt
from ml.experiments.pusher import Pusher
from ml.experiments.worlds.regime import TICKS
from ml.experiments.worlds.tape import WORLDS, tape
from ml.features import WIDTH
from ml.policy.base import Floats, Prior
from ml.policy.moment import COLUMNS, MOMENTS, Moments, sense
from ml.policy.pooling import pooled
from ml.policy.prior import PriorFile, to_json
from ml.policy.sums import Sums

Asked = tuple[str, int, bool]
"""World, seed, whether chance sends."""


class Chance:
    """Any hour may be tried."""

    def sends(self, moment: Moment) -> float:
        return 0.15


class _Taught(Pusher):
    """Plays as ever, and adds up beside it, with nothing forgotten."""

    def __init__(self, people: int) -> None:
        super().__init__(people, waits=True)
        self._moments = Moments(sense())
        self.sums = [Sums.empty(len(COLUMNS)) for _ in range(people)]

    def learn(
        self, person: int, x: Floats, chosen: int, reward: float, probability: float, t_days: float
    ) -> None:
        super().learn(person, x, chosen, reward, probability, t_days)
        row = x[chosen, WIDTH:]
        self.sums[person] = self.sums[person].revised(row, None, reward, t_days, math.inf)

    def revise(
        self, person: int, x: Floats, chosen: int, old: float, new: float, probability: float, t_days: float
    ) -> None:
        super().revise(person, x, chosen, old, new, probability, t_days)
        row = x[chosen, WIDTH:]
        self.sums[person] = self.sums[person].revised(row, old, new, t_days, math.inf)


def fit_moments(asked: argparse.Namespace) -> dict[str, Any]:
    first, _, last = asked.seeds.partition("-")
    seeds = range(int(first), int(last or first) + 1)
    jobs = [(world, seed, chance) for world in WORLDS for seed in seeds for chance in (False, True)]
    with get_context("spawn").Pool(asked.processes) as pool:
        people = list(chain.from_iterable(pool.imap(lived, jobs)))
    found = pooled(sense(), people, None, math.inf)
    prior = Prior(
        found.mean.round(DIGITS), found.cov.round(DIGITS + 1), round(found.noise_var, DIGITS), "moments-1"
    )
    provenance = (
        f"Pushes of {len(people)} simulated people of {' and '.join(WORLDS)} (tuning seeds {asked.seeds}, "
        "sent by the rule and by chance; `npm run lab -- prior --of moments`)."
    )
    MOMENTS.write_text(to_json(PriorFile(COLUMNS, prior, provenance)))
    sys.stdout.write(f"{MOMENTS.name}: {len(people)} people\n")
    return dict(zip(COLUMNS, prior.mean.tolist(), strict=True))


def lived(job: Asked) -> list[Sums]:
    world, seed, chance = job
    pusher = _Taught(TICKS.people)
    rule: Rule = Chance() if chance else Quantile(TICKS.people)
    interrupt(tape(WORLDS[world], TICKS, seed), pusher, rule, np.random.default_rng([seed, 3]))
    return pusher.sums
