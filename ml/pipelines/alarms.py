"""What somebody must look at: a log that is not true, a world that moved, a policy that tries nothing."""

from dataclasses import dataclass

import numpy as np

from ml.evaluate import audit, collapse, drifts, reward_drift
from ml.pipelines.compared import drawn, packed
from ml.pipelines.log import Decision

RECENT_DAYS = 7.0
FEWEST = 100
"""decisions below which nothing is called"""
RATIO_P = 0.001
AUDIT_P = 1e-5
"""looked at every hour, so far below the one-look level"""


@dataclass(frozen=True, slots=True)
class Alarm:
    kind: str
    subject: str
    text: str


def alarms(decisions: list[Decision], now: float) -> list[Alarm]:
    rows = drawn(decisions)
    then = [d for d in rows if d.t < now - RECENT_DAYS]
    recent = [d for d in rows if d.t >= now - RECENT_DAYS]
    found = [alarm for name in sorted({d.policy for d in rows}) for alarm in _of_policy(rows, name)]
    if min(len(then), len(recent)) >= FEWEST:
        found += _moved(then, recent)
    return found


def of_trial(policy: str, sample_ratio_p: float) -> list[Alarm]:
    if sample_ratio_p >= RATIO_P:
        return []
    text = (
        f"The groups of the trial are not of the planned size (p {sample_ratio_p:.1e}): trust nothing of it."
    )
    return [Alarm("sample_ratio", policy, text)]


def _of_policy(rows: list[Decision], name: str) -> list[Alarm]:
    own = [d for d in rows if d.policy == name]
    if len(own) < FEWEST:
        return []
    found, candidates = [], packed(own)
    counted = audit(candidates)
    if counted.p < AUDIT_P:
        text = f"{len(own)} choices were not drawn as logged (p {counted.p:.1e}): trust no figure of replay."
        found.append(Alarm("propensities", name, text))
    kinds = np.unique([d.kind for d in own], return_inverse=True)[1].astype(np.int64).reshape(-1)
    narrowed = collapse(candidates, np.array([int(d.t) for d in own]), kinds)
    if narrowed.narrow or narrowed.narrower_than_logged:
        surprise = narrowed.surprise
        text = (
            f"It tries too little: entropy {surprise.implied:.2f} of {surprise.full:.2f}, z {surprise.z:.1f}."
        )
        found.append(Alarm("collapse", name, text))
    if narrowed.one_kind and len(set(kinds)) > 1:
        text = f"On {len(narrowed.one_kind)} days almost every tip was of one kind."
        found.append(Alarm("one_kind", name, text))
    return found


def _moved(then: list[Decision], recent: list[Decision]) -> list[Alarm]:
    """A row a decision; rows of one person and day say much the same, so they count as fewer."""
    effect = max(1.0, *(len(rows) / len({(d.person, int(d.t)) for d in rows}) for rows in (then, recent)))
    chosen = [np.array([d.x[d.chosen] for d in rows]) for rows in (then, recent)]
    found = [
        Alarm(
            "features", d.name, f"{d.name} moved: PSI {d.shift.beyond_noise:.2f} beyond chance (p {d.p:.1e})."
        )
        for d in drifts(then[0].names, chosen[0], chosen[1], effect)
        if d.alarming
    ]
    for name in sorted({d.policy for d in recent}):
        scores = [np.array([[d.score] for d in rows if d.policy == name]) for rows in (then, recent)]
        if min(map(len, scores)) >= FEWEST:
            (moved,) = drifts(["prediction"], scores[0], scores[1], effect)
            if moved.alarming:
                text = (
                    f"Its scores moved: PSI {moved.shift.beyond_noise:.2f} beyond chance (p {moved.p:.1e})."
                )
                found.append(Alarm("predictions", name, text))
    index = {person: i for i, person in enumerate(sorted({d.person for d in (*then, *recent)}))}
    (a, people_a), (b, people_b) = (
        (np.array([d.reward for d in rows]), np.array([index[d.person] for d in rows]))
        for rows in (then, recent)
    )
    change = reward_drift(a, people_a, b, people_b)
    if change.alarming:
        text = f"The mean reward moved by {change.change:+.3f} (p {change.p:.1e})."
        found.append(Alarm("rewards", "all", text))
    return found
