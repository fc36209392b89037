"""P8: a decision and its reward, ours and others' bandits in turns (A B A B), as the lab plays them: the same twelve
candidates of all columns, one configuration each. Prints JSON: µs of CPU per choose and learn, by contender and round.
"""

import json
import sys
from time import process_time

from numpy.random import default_rng

from ml.experiments.ours import POLICIES, ours
from ml.experiments.peers.chosen import AGENTS
from ml.policy.bench import rows
from ml.policy.prior import FIRST, from_json

PEERS = ("river", "mabwiser", "bayesianbandits ucb", "bayesianbandits ts", "contextualbandits")
CANDIDATES, PEOPLE, LIVED, ROUNDS = 12, 20, 400, 7
AT_LEAST_S = 0.4


def main(seconds: float) -> None:
    names = from_json(FIRST.read_text()).names
    columns = {name: at for at, name in enumerate(names)}
    builds = {"hb_ts": ours("hb_ts", POLICIES["hb_ts"])} | {name: AGENTS[name] for name in PEERS}
    agents = {name: build(len(names), columns, PEOPLE) for name, build in builds.items()}
    blocks = [kinds(rows(CANDIDATES, names, seed), columns) for seed in range(50)]
    rng = default_rng(1)
    seen = dict.fromkeys(agents, 0)

    def turn(name: str) -> None:
        at = seen[name] = seen[name] + 1
        person, x, t_days = at % PEOPLE, blocks[at % len(blocks)], at / PEOPLE / 4
        chosen, p = agents[name].act(person, x, rng, t_days)
        agents[name].learn(person, x, chosen, float(rng.uniform(-1, 1)), p, t_days)

    for name in agents:
        for _ in range(LIVED):
            turn(name)
    figures = {name: [] for name in agents}
    for _ in range(ROUNDS):
        for name, told in figures.items():
            began, turns = process_time(), 0
            while process_time() - began < seconds / ROUNDS:
                for _ in range(20):
                    turn(name)
                turns += 20
            told.append((process_time() - began) / turns * 1e6)
    print(json.dumps({"columns": len(names), "candidates": CANDIDATES, "us": figures}))


def kinds(x, columns):
    """Each candidate of one kind, as in life: some peers choose among kinds."""
    marks = [columns[name] for name in columns if name.startswith(("kind_", "theme_")) and name != "kind_recent"]
    x[:, marks] = 0.0
    for at, row in enumerate(x):
        row[marks[at % len(marks)]] = 1.0
    return x


if __name__ == "__main__":
    main(max(AT_LEAST_S, float(sys.argv[1])))
