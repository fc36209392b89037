"""A trial on a share of people: one value a person, the mean of their first week; valid at any time."""

import numpy as np

from ml.evaluate import compare_people, sample_ratio_anytime
from ml.evaluate.logged import Mask
from ml.pipelines.compared import Figures
from ml.pipelines.log import Decision, Log, Standing
from ml.policy.base import Floats

SHARES = {"canary_5": 0.05, "canary_20": 0.2}
WEEK = 7.0
LATE = 1.0
"""days more, in which rewards of the week may still come"""
REFUSED = ("dismiss", "not_helpful", "never", "wrong_time", "wrong_thing")
BANDS = {"refusals": 0.05, "opt_outs": 0.02, "pushes": 0.05}
PUSHES = 10.0
"""pushes a day that count as 1"""


def trial(log: Log, standing: Standing, now: float) -> Figures | None:
    """Bounds are null while nobody's week is over."""
    share = SHARES[standing.state]
    people = _people(log.decisions, standing)
    if not people:
        return None
    group = np.array([own[0].arm == "new" for own in people.values()])
    ratio = sample_ratio_anytime(group.astype(np.int64), (1 - share, share))
    figures: Figures = {
        "experiment": standing.experiment,
        "state": standing.state,
        "days": now - standing.since,
        "sampleRatioP": float(ratio[-1]),
    }
    over = [own for own in people.values() if own[0].t + WEEK + LATE <= now]
    treated = np.array([own[0].arm == "new" for own in over], dtype=np.bool_)
    weeks = [[d for d in own if d.t < own[0].t + WEEK] for own in over]
    left: dict[str, list[float]] = {}
    for person, t in log.opt_outs:
        left.setdefault(person, []).append(t)
    low, high = _bounds(treated, np.array([_earned(week) for week in weeks]), share, (-1.0, 1.0))
    guarded = {
        "refusals": [_refused(week) for week in weeks],
        "opt_outs": [_left(week[0], left.get(week[0].person, [])) for week in weeks],
        "pushes": [_pushed(week) for week in weeks],
    }
    guardrails = []
    for name, values in guarded.items():
        least, most = _bounds(treated, np.array(values), share, (0.0, 1.0))
        guardrails.append({"name": name, "low": least, "high": most, "band": BANDS[name]})
    counts = {"treated": int(treated.sum()), "others": int((~treated).sum())}
    return {**figures, **counts, "low": low, "high": high, "guardrails": guardrails}


def _people(decisions: list[Decision], standing: Standing) -> dict[str, list[Decision]]:
    """In the order of their first decision in the step."""
    people: dict[str, list[Decision]] = {}
    for d in decisions:
        if d.experiment == standing.experiment and d.arm is not None and d.t >= standing.since:
            people.setdefault(d.person, []).append(d)
    return people


def _bounds(
    treated: Mask, value: Floats, share: float, value_range: tuple[float, float]
) -> tuple[float, float]:
    return compare_people(treated, value, share, value_range).now


def _earned(week: list[Decision]) -> float:
    """Who saw nothing counts as 0: left out, a policy could choose whom it is judged by."""
    rewards = [d.reward for d in week if not np.isnan(d.reward)]
    return float(np.clip(np.mean(rewards), -1.0, 1.0)) if rewards else 0.0


def _refused(week: list[Decision]) -> float:
    shown = [d for d in week if not np.isnan(d.reward) or d.reaction]
    return sum(d.reaction in REFUSED for d in shown) / len(shown) if shown else 0.0


def _left(first: Decision, when: list[float]) -> float:
    return float(any(first.t <= t < first.t + WEEK for t in when))


def _pushed(week: list[Decision]) -> float:
    pushes = sum(d.trigger == "push" and d.chosen is not None for d in week)
    return min(1.0, pushes / WEEK / PUSHES)
