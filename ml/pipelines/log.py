"""The decision log as the judge reads it: from JSON lines here, from the database in `database`."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np

from ml.policy.base import Floats

UNSCORED = ("none", "fallback")
"""what the api calls decisions that ml did not make"""
DAY_S = 86_400.0


@dataclass(frozen=True, slots=True, eq=False)
class Watcher:
    version: str
    p: Floats
    ms: float
    """NaN where it was not told"""


@dataclass(frozen=True, slots=True, eq=False)
class Decision:
    person: str
    t: float
    """days since 1970"""
    policy: str
    version: str
    p: Floats
    chosen: int | None
    names: tuple[str, ...] = ()
    x: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    score: float = np.nan
    """of the chosen"""
    watchers: Mapping[str, Watcher] = field(default_factory=dict)
    reward: float = np.nan
    reaction: str | None = None
    kind: str = ""
    trigger: str = "open"
    experiment: str | None = None
    arm: str | None = None

    @property
    def scored(self) -> bool:
        return self.policy not in UNSCORED and len(self.p) > 0 and self.x.shape[0] == len(self.p)

    def by(self, name: str) -> Watcher | None:
        """What this policy thought of the moment, deciding or watching."""
        return Watcher(self.version, self.p, np.nan) if name == self.policy else self.watchers.get(name)


@dataclass(frozen=True, slots=True)
class Standing:
    policy: str
    state: str
    since: float
    experiment: str


@dataclass(frozen=True, slots=True, eq=False)
class Log:
    decisions: list[Decision]
    """oldest first"""
    standings: list[Standing] = field(default_factory=list)
    opt_outs: list[tuple[str, float]] = field(default_factory=list)
    cut: bool = False
    """there were more decisions than are read at once"""


def read_lines(lines: Iterable[str]) -> Log:
    """The lab's lines with what more the api logs; also `{"standing": …}`, `{"optOut": person, "at": …}`."""
    decisions, standings, opt_outs = [], [], []
    for number, text in enumerate(lines, 1):
        if not text.strip():
            continue
        try:
            line = json.loads(text)
            if "standing" in line:
                at = line["standing"]
                standings.append(Standing(at["policy"], at["state"], days(at["since"]), at["experiment"]))
            elif "optOut" in line:
                opt_outs.append((str(line["optOut"]), days(line["at"])))
            else:
                decisions.append(_decision(line))
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise ValueError(f"Line {number} of the log is no decision: {error!r}.") from error
    return Log(sorted(decisions, key=lambda d: d.t), standings, opt_outs)


def _decision(line: Mapping[str, Any]) -> Decision:
    p = whole(np.asarray(line["probabilities"], dtype=np.float64))
    chosen, scores = line["chosen"], line.get("scores")
    if isinstance(chosen, str):
        chosen = line["ids"].index(chosen)
    names = tuple(line.get("names", ()))
    x = np.asarray(line.get("values", np.zeros((0, 0))), dtype=np.float64).reshape(-1, len(names))
    return Decision(
        person=str(line["person"]),
        t=days(line["at"]),
        policy=line.get("policy", "logged"),
        version=line.get("version", ""),
        p=p,
        chosen=chosen,
        names=names,
        x=x,
        score=float(scores[chosen]) if scores and chosen is not None else np.nan,
        watchers=watchers(line.get("shadows") or (), len(p)),
        reward=np.nan if line.get("reward") is None else float(line["reward"]),
        reaction=line.get("reaction"),
        kind=line.get("kind") or "",
        trigger=line.get("trigger", "open"),
        experiment=line.get("experiment"),
        arm=line.get("arm"),
    )


def watchers(shadows: Iterable[Mapping[str, Any]], size: int) -> dict[str, Watcher]:
    """One whose probabilities do not fit the candidates did not watch this decision."""
    found = {}
    for shadow in shadows:
        p = np.asarray(shadow["probabilities"], dtype=np.float64)
        if p.shape == (size,) and size and np.isfinite(p).all() and p.min() >= 0 and abs(p.sum() - 1) < 1e-3:
            ms = shadow.get("latencyMs")
            found[shadow["policy"]] = Watcher(
                shadow["version"], whole(p), np.nan if ms is None else float(ms)
            )
    return found


def whole(p: Floats) -> Floats:
    """Rounded to float32 when they were kept; their sum is 1 again."""
    total = float(p.sum())
    return np.divide(p, total) if total > 0 else p


def days(said: float | str) -> float:
    return float(said) if not isinstance(said, str) else datetime.fromisoformat(said).timestamp() / DAY_S
