"""Made-up reward events with corrections and undos, and what learning them alone and in order gives.

For tests and proofs: written apart from the learning it judges, and without its code.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from numpy.random import Generator

from ml.features.feature import FeaturePart
from ml.policy.base import Policy
from ml.state.term import Term

WIDTH = 6
NAMES = tuple(f"f{i}" for i in range(WIDTH))
PARTS: tuple[FeaturePart, ...] = ("timing", "choice", "both", "choice", "timing", "choice")
VALUES = (1.0, 0.5, 0.0, -0.5, -1.0)


@dataclass(frozen=True, slots=True)
class Told:
    """An event as someone may tell it, any number of times."""

    person: UUID
    event_id: str
    t_days: float
    reward: float | None
    x: tuple[float, ...]
    replaces: str | None = None
    part: str = "all"

    def term(self, layout: str) -> Term:
        x = np.array(self.x, dtype="<f8").tobytes()
        return Term(self.event_id, self.t_days, "d", self.part, self.reward, x, layout, self.replaces)


def life(
    person: UUID,
    n: int,
    rng: Generator,
    first_day: float = 20_000.0,
    days: float = 20.0,
    width: int = WIDTH,
) -> list[Told]:
    """n events in the order they happen: most stand, some correct or undo another, some teach a part."""
    told: list[Told] = []
    open_ids: list[str] = []
    times = np.sort(rng.uniform(first_day, first_day + days, size=n))
    for at, t_days in enumerate(times.tolist()):
        chance, event_id = rng.random(), f"e{person.int % 997}.{at}"
        replaces = open_ids.pop() if open_ids and chance < 0.25 else None
        reward = None if replaces and chance < 0.12 else float(rng.choice(VALUES))
        x = tuple((rng.integers(-16, 17, size=width) / 16.0).tolist())
        part = "timing" if chance > 0.95 else "choice" if chance > 0.9 else "all"
        told.append(Told(person, event_id, t_days, reward, x, replaces, part))
        if reward is not None:
            open_ids.append(event_id)
    return told


def alone(policy: Policy, told: Iterable[Told], parts: Sequence[FeaturePart] = PARTS) -> bytes:
    """Each event once, in order, by one hand; `wrong_time` and its like move no weight of the other part."""
    once = {one.event_id: one for one in told}
    replaced = {one.replaces for one in once.values()}
    state = policy.fresh()
    for one in sorted(once.values(), key=lambda one: (one.t_days, one.event_id)):
        if one.reward is None or one.event_id in replaced:
            continue
        x = [
            0.0 if one.part != "all" and p not in (one.part, "both") else v
            for v, p in zip(one.x, parts, strict=True)
        ]
        state = policy.update(state, np.array(x), one.reward, one.t_days)
    return state.to_bytes()


def deliveries(told: Sequence[Told], rng: Generator, most_times: int = 5, window: int = 1_000) -> list[Told]:
    """Each event 1 to `most_times` times, out of order within a window."""
    repeated = [one for one in told for _ in range(int(rng.integers(1, most_times + 1)))]
    shuffled: list[Told] = []
    for start in range(0, len(repeated), window):
        some = repeated[start : start + window]
        shuffled += [some[i] for i in rng.permutation(len(some))]
    return shuffled
