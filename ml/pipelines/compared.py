"""A policy against the incumbent on the log: what it would have earned, and how it watched."""

from typing import Any

import numpy as np

from ml.evaluate import Candidates, cross_fit, dr_difference
from ml.pipelines.log import Decision
from ml.policy.base import Floats

Figures = dict[str, Any]


def packed(decisions: list[Decision]) -> Candidates:
    return Candidates(
        sizes=np.array([len(d.p) for d in decisions], dtype=np.int64),
        chosen=np.array([d.chosen for d in decisions], dtype=np.int64),
        logged_p=np.concatenate([d.p for d in decisions]) if decisions else np.zeros(0),
    )


def drawn(decisions: list[Decision]) -> list[Decision]:
    """Those whose choice ml drew, with features in the columns of the newest. No pushes: whether one
    is sent was chosen as well, and they have columns of their own."""
    scored = [d for d in decisions if d.scored and d.chosen is not None and d.trigger == "open"]
    return [d for d in scored if d.names == scored[-1].names]


def replay(decisions: list[Decision], name: str, version: str, incumbent: str) -> Figures | None:
    """DR(new − incumbent) on what both looked at; the interval is for one look."""
    rows = [
        d
        for d in drawn(decisions)
        if not np.isnan(d.reward)
        and d.chosen is not None
        and d.p[d.chosen] > 0
        and _is(d, name, version)
        and d.by(incumbent)
    ]
    if not rows:
        return None
    candidates = packed(rows)
    person = np.unique([d.person for d in rows], return_inverse=True)[1].astype(np.int64).reshape(-1)
    reward = np.clip(np.array([d.reward for d in rows]), -1.0, 1.0)
    x = np.concatenate([d.x for d in rows])
    model = cross_fit(x[candidates.picked], reward, person)
    predicted = model.predict(x, np.repeat(person, candidates.sizes))
    t_days = np.array([d.t for d in rows])
    new, current = (
        candidates.logged(person, t_days, reward, _long(rows, who), predicted) for who in (name, incumbent)
    )
    found = dr_difference(new, current)
    if not found.sure:
        return None
    figures = {"value": found.value, "low": found.low, "high": found.high, "ess": found.ess}
    return {**figures, "rows": found.n, "people": found.people, "largestWeight": found.max_weight_share}


def watched(decisions: list[Decision], name: str, version: str, incumbent: str) -> Figures | None:
    scored = [d for d in decisions if d.scored]
    seen = [d for d in scored if _is(d, name, version)]
    ms = [d.watchers[name].ms for d in seen if name in d.watchers and not np.isnan(d.watchers[name].ms)]
    both = [(a.p, b.p) for d in seen if (a := d.by(name)) and (b := d.by(incumbent))]
    if not (ms and both):
        return None
    first, last = seen[0].t, seen[-1].t
    between = [d for d in scored if first <= d.t <= last]
    return {
        "days": last - first,
        "decisions": len(seen),
        "missing": len(between) - len(seen),
        "p99Ms": float(np.quantile(ms, 0.99)),
        "agreement": float(np.mean([np.minimum(a, b).sum() for a, b in both])),
    }


def _is(decision: Decision, name: str, version: str) -> bool:
    there = decision.by(name)
    return there is not None and _own(there.version) == _own(version)


def _own(version: str) -> str:
    """Without its prior, which is fitted every night: that is the policy learning, not another policy."""
    return version.partition("+")[0]


def _long(rows: list[Decision], name: str) -> Floats:
    thought = [d.by(name) for d in rows]
    return np.concatenate([t.p for t in thought if t is not None])
