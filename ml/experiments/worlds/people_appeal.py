"""World one: how much each candidate of each moment appeals, before what was shown earlier is felt."""

from collections.abc import Callable

import numpy as np
from numpy.random import Generator

from ml.experiments.worlds.cards import AMBIENT_GROUP, THEMES
from ml.experiments.worlds.stage import Stage
from ml.experiments.worlds.tasks import TOPICS
from ml.policy.base import Floats

Own = Callable[[str], Floats]
"""A trait, of the person of each moment."""


def traits_of(stage: Stage) -> Own:
    at = stage.moments
    return lambda name: stage.population.at(name, at.person, at.t)


def energy(stage: Stage, own: Own) -> Floats:
    """Two peaks, later at the weekend, a dip after lunch; mood and sleep lift or lower all of it."""
    at, day = stage.moments, stage.days
    hour = at.hour - 1.2 * at.weekend
    curve = own("energy") * _bump(hour, own("peak"), 2.5) + own("energy2") * _bump(hour, own("peak2"), 1.8)
    lunch = own("dip") * _bump(hour, np.full(len(hour), 13.8), 1.0)
    return np.asarray(curve - lunch - 0.15 + 0.25 * day.mood + 0.6 * (day.sleep - 0.65))


def welcome(stage: Stage, own: Own) -> Floats:
    """How welcome any tip is at this hour."""
    hour = stage.moments.hour
    peaks = _bump(hour, own("receptive1"), 1.8) + _bump(hour, own("receptive2"), 1.8)
    return np.asarray(own("receptive") * (peaks - 0.45) - 0.15 * stage.days.busy)


def unasked(stage: Stage, own: Own, rng: Generator) -> Floats:
    """What it costs, at each moment, to be spoken to without having looked: least at welcome hours, most when
    engrossed, which no calendar knows."""
    at, busy = stage.moments, stage.days.busy
    working = (at.hour >= 9) & (at.hour < 17) & (at.weekend == 0)
    engrossed = (rng.random(len(at.t)) < 0.3) & working
    return np.asarray(0.25 - welcome(stage, own) + 0.6 * engrossed + 0.4 * busy)


def appeal(stage: Stage, own: Own) -> Floats:
    """Of each row."""
    vigour, stress = energy(stage, own), _stress(stage)
    row = stage.of_moment
    effort = _effort(stage)
    cost = row(own("effort")) * effort**0.7 * (1.0 - 0.6 * np.clip(row(vigour), -0.5, 1.0))
    late = np.maximum(effort * 60.0 - row(stage.days.free_min), 0.0) > 0
    misfit = row(own("gap")) * late * np.minimum(1.0, effort * 2)
    felt = np.where(
        stage.task >= 0,
        _task(stage, own, vigour),
        np.where(
            stage.group == AMBIENT_GROUP,
            row(own("ambient") - 0.3 * stress),
            _advice(stage, own, vigour, stress),
        ),
    )
    hidden = stage.of_item(stage.tasks.appeal, stage.cards.appeal)
    liked = stage.of_item(np.zeros(len(stage.tasks.person)), stage.cards.generated) * row(own("generated"))
    return np.asarray(felt - cost - misfit + hidden + liked + row(0.5 * welcome(stage, own)))


def _task(stage: Stage, own: Own, vigour: Floats) -> Floats:
    todo, row, at = stage.tasks, stage.of_moment, stage.moments
    task = np.maximum(stage.task, 0)
    left_h = (todo.due[task] - row(at.own)) * 24.0 - todo.effort_min[task] / 60.0
    ahead = np.where(np.isnan(left_h), 500.0, left_h)
    pressed = row(own("pressure")) / (1.0 + np.maximum(ahead, 0.0) / np.maximum(row(own("horizon_h")), 2.0))
    avoided = row(own("avoidance")) * (1.0 - np.exp(np.minimum(ahead, 0.0) / 48.0))
    important = row(own("importance")) * ((todo.priority[task] - 1) / 3.0) ** 1.5
    small = row(own("small_win")) * (todo.effort_min[task] <= 15) * (1.0 + (row(vigour) < 0.2))
    stale = row(own("staleness")) * np.log1p(np.maximum(row(at.own) - todo.arrives[task], 0.0))
    topics = np.stack([own(f"topic{topic}") for topic in range(TOPICS)])
    liked = topics[todo.topic[task], stage.moment]
    base = row(own("todo") + at.weekend * own("weekend_todo"))
    return np.asarray(base + pressed - avoided + important + small - stale + liked)


def _advice(stage: Stage, own: Own, vigour: Floats, stress: Floats) -> Floats:
    at, day = stage.moments, stage.days
    hour, free = at.hour, day.free_min
    monday = (at.day % 7 == 0).astype(np.float64)
    gloom = np.maximum(0.0, -day.mood)
    strained = own("stress") * stress
    moments = {
        "plan": 0.5 * _bump(hour, 8.0, 1.5) + 0.2 * monday + 0.2 * strained,
        "focus": 0.7 * vigour * (free >= 45) - 0.4 * (free < 45),
        "break": 0.6 * strained - 0.5 * vigour + 0.08 * day.load + 0.3 * gloom,
        "social": 0.4 * _bump(hour, 19.5, 2.0) + 0.3 * at.weekend - 0.3 * strained + 0.2 * gloom,
        "reflect": 0.6 * _bump(hour, 21.5, 1.5) + 0.4 * gloom,
        "move": 0.5 * _bump(hour, 12.5, 1.5) + 0.3 * _bump(hour, 17.5, 1.5) - 0.4 * day.busy,
        "rest": 0.4 * strained + 0.4 * _bump(hour, 22.0, 1.5) + 0.8 * (0.65 - day.sleep),
        "tidy": 0.4 * at.weekend * _bump(hour, 11.0, 2.5) + 0.1,
    }
    table = np.stack([own(theme) + moments[theme] for theme in THEMES])
    group = np.minimum(stage.group, len(THEMES) - 1)
    return np.asarray(table[group, stage.moment])


def _stress(stage: Stage) -> Floats:
    """From what is late or due within a day, and from a full calendar."""
    due = stage.tasks.due[np.maximum(stage.task, 0)]
    soon = (stage.task >= 0) & (due - stage.of_moment(stage.moments.own) < 1.0)
    pressing = np.bincount(stage.moment, weights=soon, minlength=len(stage.moments.t))
    return np.tanh(0.25 * pressing + 0.15 * stage.days.load)


def _effort(stage: Stage) -> Floats:
    """In hours."""
    return stage.of_item(stage.tasks.effort_min, stage.cards.effort_min) / 60.0


def _bump(hour: Floats, peak: Floats | float, width: float) -> Floats:
    away = np.abs(hour - peak)
    away = np.minimum(away, 24.0 - away)
    return np.asarray(np.exp(-0.5 * (away / width) ** 2))
