"""How long a decision on prepared features takes: `OPENBLAS_NUM_THREADS=1 python -m ml.policy.bench [NAME …]`

Prints JSON, in microseconds of CPU time and bytes. A figure is the median of many short runs; `least` is the
quickest of them, the one to read on a machine that others use too. Each decision is about another person.
"""

import json
import sys
from collections.abc import Callable
from statistics import median
from time import process_time

from numpy.random import default_rng

from ml.policy.base import Floats, Policy, State
from ml.policy.draw import draw, rng_for
from ml.policy.make import make
from ml.policy.pooling import gather
from ml.policy.prior import FIRST, from_json, shipped
from ml.policy.sums import Sums

CANDIDATES = (12, 50, 200)
PEOPLE, REWARDS, RUNS = 200, 40, 30
LEARNERS = ("linucb", "lints", "igw", "hb_ts")


def timed(act: Callable[[int], object]) -> dict[str, float]:
    """Of `act`, once for each person in turn: each run is timed as a whole."""
    runs = []
    for _ in range(RUNS + 1):
        began = process_time()
        for person in range(PEOPLE):
            act(person)
        runs.append((process_time() - began) / PEOPLE * 1e6)
    return {"median": round(median(runs[1:]), 2), "least": round(min(runs[1:]), 2)}


def rows(count: int, names: tuple[str, ...], seed: int) -> Floats:
    """Four in ten features speak, as in life."""
    rng = default_rng(seed)
    return rng.uniform(0, 1, size=(count, len(names))) * (rng.uniform(size=(count, len(names))) < 0.4)


def lives(policy: Policy, names: tuple[str, ...]) -> list[State]:
    states = []
    for person in range(PEOPLE):
        state, rng = policy.fresh(), default_rng(person)
        for day, row in enumerate(rows(REWARDS, names, person)):
            state = policy.update(state, row, float(rng.uniform(-1, 1)), float(day))
        states.append(state)
    return states


def measured(name: str) -> dict[str, object]:
    names = from_json(FIRST.read_text()).names
    policy = make(name, len(names), shipped(names), {name: at for at, name in enumerate(names)})
    states, rng = lives(policy, names), rng_for("bench", name)
    rewarded, blocks = rows(PEOPLE, names, 1), {k: rows(k, names, k) for k in CANDIDATES}

    def learn(person: int) -> State:
        return policy.update(states[person], rewarded[person], 0.5, 41.0)

    def both(person: int) -> State:
        block = blocks[CANDIDATES[0]]
        pick = draw(policy.choose(states[person], block, rng, 41.0), rng.random())
        return policy.update(states[person], block[pick], 0.5, 41.0)

    def choose(k: int) -> dict[str, float]:
        return timed(lambda person: policy.choose(states[person], blocks[k], rng, 41.0))

    return {
        "choose": {str(k): choose(k) for k in CANDIDATES},
        "learn": timed(learn),
        f"choose {CANDIDATES[0]} and learn": timed(both),
    }


def pooling() -> dict[str, object]:
    names = from_json(FIRST.read_text()).names
    states = [state for state in lives(make("hb_ts", len(names)), names) if isinstance(state, Sums)]
    prior = shipped(names)
    per_round = timed(lambda person: None if person else gather(states, prior, 41.0))
    return {"perPersonAndRound": per_round, "stateBytes": len(states[0].to_bytes())}


def main(said: list[str]) -> None:
    figures = {name: measured(name) for name in said or LEARNERS}
    d = len(from_json(FIRST.read_text()).names)
    print(json.dumps({"columns": d, "unit": "µs", "policies": figures, "prior": pooling()}, indent=2))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])
