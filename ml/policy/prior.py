"""Priors as files: by column name, with their provenance, so that they outlive the order of the columns."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ml.policy.base import Floats, Prior
from ml.policy.pooling import TAU0

PRIORS = Path(__file__).parent / "priors"
FIRST, SECOND = PRIORS / "first.json", PRIORS / "second.json"
"""Product sense alone; and with what simulated people have in common, which is the one that is shipped."""


@dataclass(frozen=True, slots=True)
class PriorFile:
    names: tuple[str, ...]
    prior: Prior
    provenance: str
    received: Mapping[str, float] = field(default_factory=dict)
    """How the people it is of received each card; what is not in it is 0."""

    def over(self, names: Sequence[str], tau: float = TAU0) -> Prior:
        """For these columns: one that the file does not know is N(0, τ²); others of the file are left out."""
        at = {name: place for place, name in enumerate(self.names)}
        known = [(column, at[name]) for column, name in enumerate(names) if name in at]
        here, there = [column for column, _ in known], [place for _, place in known]
        mean, cov = np.zeros(len(names)), np.eye(len(names)) * tau**2
        mean[here] = self.prior.mean[there]
        cov[np.ix_(here, here)] = self.prior.cov[np.ix_(there, there)]
        return Prior(mean, cov, self.prior.noise_var, self.prior.version)


def shipped(names: Sequence[str], tau: float = TAU0) -> Prior:
    """What is assumed of somebody new before anyone agreed to pooling."""
    return from_json(SECOND.read_text()).over(names, tau)


def to_json(file: PriorFile) -> str:
    """Every number exactly; `cov` only where columns hang together, then each `sd` is to read."""
    prior = file.prior
    spread = np.sqrt(np.diag(prior.cov))
    alone = bool((np.diag(np.square(spread)) == prior.cov).all())
    shown = spread if alone else spread.round(3)
    columns = [
        f"{json.dumps(name)}: {json.dumps({'mean': mean, 'sd': sd})}"
        for name, mean, sd in zip(file.names, prior.mean.tolist(), shown.tolist(), strict=True)
    ]
    parts = {
        "version": json.dumps(prior.version),
        "provenance": json.dumps(file.provenance),
        "noise_var": json.dumps(prior.noise_var),
        "columns": "{\n    " + ",\n    ".join(columns) + "\n  }",
    }
    if file.received:
        parts["received"] = json.dumps(dict(sorted(file.received.items())))
    if not alone:
        parts["cov"] = "[\n    " + ",\n    ".join(json.dumps(row) for row in prior.cov.tolist()) + "\n  ]"
    return "{\n" + ",\n".join(f'  "{name}": {part}' for name, part in parts.items()) + "\n}\n"


def from_json(text: str) -> PriorFile:
    """Refuses with a sentence what is not a prior."""
    try:
        said = json.loads(text)
        columns: Mapping[str, Mapping[str, float]] = said["columns"]
        names = tuple(columns)
        mean = np.array([float(columns[name]["mean"]) for name in names])
        cov = _cov(said, columns)
        prior = Prior(mean, cov, float(said["noise_var"]), str(said["version"]))
        received = {str(card): float(value) for card, value in said.get("received", {}).items()}
        file = PriorFile(names, prior, str(said["provenance"]), received)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"This is not a prior: {error!r}.") from error
    if not all(-1.0 <= value <= 1.0 for value in received.values()):
        raise ValueError(f"The prior {prior.version!r} has a card that was received beyond ±1.")
    if cov.shape != (len(names), len(names)) or not np.isfinite(mean).all() or not np.isfinite(cov).all():
        raise ValueError(
            f"The prior {prior.version!r} needs a finite mean per column and a square covariance."
        )
    return file


def _cov(said: Mapping[str, Any], columns: Mapping[str, Mapping[str, float]]) -> Floats:
    if "cov" in said:
        return np.array(said["cov"], dtype=np.float64)
    return np.diag(np.square([float(column["sd"]) for column in columns.values()]))
