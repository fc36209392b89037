"""`lab replay`: what a policy would have earned on a decision log, by the estimators of ml/evaluate.

A line of the log is a decision: `person` (any text), `at` (days, or an instant), `names` and `values` (the
features of `/score`), `probabilities`, `chosen` (an index, or an id with `ids`) and `reward` (null: unknown).
The policy meets the decisions in order and has learned, at each, from the rewards logged before.
"""

import argparse
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from ml.evaluate import (
    Candidates,
    Estimate,
    Logged,
    confidence_sequence,
    cross_fit,
    dr,
    ips,
    ips_outcomes,
    snips,
    switch_dr,
)
from ml.experiments.marks import Section, Table, printed
from ml.experiments.ours import POLICIES, Ours
from ml.policy.base import Floats

DAY_S = 86_400.0
WEIGHT_CAP = 20.0


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    person: int
    t: float
    x: Floats
    probabilities: Floats
    chosen: int
    reward: float


def read(lines: Iterable[str]) -> tuple[list[Row], tuple[str, ...]]:
    rows: list[Row] = []
    people: dict[str, int] = {}
    names: tuple[str, ...] = ()
    for number, text in enumerate(lines, 1):
        if not text.strip():
            continue
        try:
            said = json.loads(text)
            names = names or tuple(said["names"])
            if tuple(said["names"]) != names:
                raise ValueError("its feature names differ from those before")
            rows.append(_row(said, people))
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise SystemExit(f"Line {number} of the log is not a decision: {error!r}.") from error
    if not rows:
        raise SystemExit("The log holds no decision.")
    return sorted(rows, key=lambda row: row.t), names


def _row(said: dict[str, Any], people: dict[str, int]) -> Row:
    at, chosen = said["at"], said["chosen"]
    t = float(at) if isinstance(at, int | float) else datetime.fromisoformat(at).timestamp() / DAY_S
    x = np.asarray(said["values"], dtype=np.float64)
    p = np.asarray(said["probabilities"], dtype=np.float64)
    index = said["ids"].index(chosen) if isinstance(chosen, str) else int(chosen)
    if x.shape != (len(p), len(said["names"])) or not 0 <= index < len(p):
        raise ValueError("values, probabilities and chosen do not fit together")
    reward = float("nan") if said["reward"] is None else float(said["reward"])
    return Row(people.setdefault(str(said["person"]), len(people)), t, x, p, index, reward)


def targets(rows: list[Row], agent: Ours) -> list[Floats]:
    """What the policy would have done at each decision, having learned from those before."""
    chance = np.random.default_rng(0)
    found = []
    for row in rows:
        found.append(agent.probabilities(row.person, row.x, chance, row.t))
        if np.isfinite(row.reward):
            p = float(row.probabilities[row.chosen])
            agent.learn(row.person, row.x, row.chosen, row.reward, p, row.t)
    return found


def logged(rows: list[Row], target: list[Floats]) -> Logged:
    person = np.array([row.person for row in rows])
    reward = np.array([row.reward for row in rows])
    picked = np.stack([row.x[row.chosen] for row in rows])
    sizes = np.array([len(row.probabilities) for row in rows])
    model = cross_fit(picked, reward, person)
    guessed = model.predict(np.concatenate([row.x for row in rows]), np.repeat(person, sizes))
    logged_p = np.concatenate([row.probabilities for row in rows])
    candidates = Candidates(sizes, np.array([row.chosen for row in rows]), logged_p)
    t_days = np.array([row.t for row in rows])
    return candidates.logged(person, t_days, reward, np.concatenate(target), guessed)


def replay(asked: argparse.Namespace) -> dict[str, Any]:
    if asked.policy not in POLICIES:
        raise SystemExit(f"There is no policy {asked.policy!r}; there are {', '.join(POLICIES)}.")
    if not Path(asked.log).is_file():
        raise SystemExit(f"{asked.log} is no file: name a log of decisions, one JSON object a line.")
    rows, names = read(Path(asked.log).read_text().splitlines())
    columns = {name: place for place, name in enumerate(names)}
    people = 1 + max(row.person for row in rows)
    agent = Ours(asked.policy, POLICIES[asked.policy], len(names), columns, people)
    log = logged(rows, targets(rows, agent))
    estimates: dict[str, Estimate] = {
        "IPS": ips(log),
        "SNIPS": snips(log),
        "DR": dr(log),
        "SWITCH-DR": switch_dr(log),
    }
    low, high = confidence_sequence(ips_outcomes(log, WEIGHT_CAP)).now
    earned = float(np.nanmean(log.reward))
    head = ("estimator", "value", "95 %", "effective size", "largest weight")
    table = Table(
        f"{asked.policy} on {len(rows)} decisions of {people} people; the log earned {earned:.4f} each",
        head,
        tuple(_said(name, estimate) for name, estimate in estimates.items()),
    )
    sys.stdout.write(printed(Section("–", "replay", (table,), ())) + "\n")
    sys.stdout.write(f"\nAt any time, with 95 %: between {low:.4f} and {high:.4f}\n")
    values = {name: asdict(estimate) for name, estimate in estimates.items()}
    return {"logged": earned, "estimates": values, "sequence": [low, high], "decisions": len(rows)}


def _said(name: str, estimate: Estimate) -> tuple[str, ...]:
    interval = f"{estimate.low:.4f} to {estimate.high:.4f}"
    return name, f"{estimate.value:.4f}", interval, f"{estimate.ess:.0f}", f"{estimate.max_weight_share:.1%}"
