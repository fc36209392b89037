"""World two: what drives a person to each candidate of each moment, before streaks, needs and refusals."""

import numpy as np

from ml.experiments.worlds.cards import AMBIENT_GROUP, THEMES
from ml.experiments.worlds.people_appeal import Own
from ml.experiments.worlds.stage import Stage
from ml.experiments.worlds.tasks import TOPICS
from ml.policy.base import Floats

NO_DATE_DAYS = 8.0


def drive(stage: Stage, own: Own) -> Floats:
    row = stage.of_moment
    hidden = np.exp(stage.of_item(stage.tasks.appeal, stage.cards.appeal))
    machine = stage.of_item(np.zeros(len(stage.tasks.person)), stage.cards.generated)
    tips = np.where(stage.group == AMBIENT_GROUP, row(own("ambient")), _tip(stage, own))
    tips = tips * np.where(machine > 0, row(own("machine")), 1.0)
    return np.asarray(np.maximum(np.where(stage.task >= 0, _task(stage, own), tips), 0.02) * hidden)


def at_ease(stage: Stage, own: Own) -> Floats:
    """By how much a drive survives, at each moment, being called up by a push."""
    hour = stage.moments.hour
    near = [np.exp(-0.5 * ((hour - own(habit)) / 1.5) ** 2) for habit in ("habit1", "habit2")]
    return np.asarray((0.5 + 0.6 * np.maximum(near[0], near[1])) * (1.0 - 0.4 * stage.days.busy))


def _task(stage: Stage, own: Own) -> Floats:
    todo, row, at, day = stage.tasks, stage.of_moment, stage.moments, stage.days
    task = np.maximum(stage.task, 0)
    left = todo.due[task] - row(at.own)
    ahead = np.maximum(np.where(np.isnan(left), NO_DATE_DAYS, left), 0.0)
    late = np.maximum(np.where(np.isnan(left), 0.0, -left), 0.0)
    hours = todo.effort_min[task] / 60.0
    belief = row(own("confidence") + _sharp(stage, own) + 0.6 * day.mood)
    expected = 1.0 / (1.0 + np.exp(-(belief - row(own("hardship")) * np.log(hours / 0.4))))
    topics = np.stack([own(f"topic{topic}") for topic in range(TOPICS)])
    worth = row(own("worth")) * topics[todo.topic[task], stage.moment]
    worth = worth + row(own("stakes")) * (todo.priority[task] - 1) / 3.0
    room = np.where(hours * 60.0 <= row(day.free_min), 1.0, np.where(row(day.busy) > 0, 0.45, 0.7))
    shame = 1.0 - np.clip(row(own("shame")), 0, 1) * (1.0 - np.exp(-late / 3.0))
    return np.asarray(
        2.5 * expected * worth * room * shame / (1.0 + np.maximum(row(own("impulsive")), 0) * ahead)
    )


def _tip(stage: Stage, own: Own) -> Floats:
    at, day = stage.moments, stage.days
    sharp, hour = _sharp(stage, own), at.hour
    worn = np.clip((hour - 8.0) / 12.0, 0, 1) * (0.6 + 0.12 * day.load) + 0.7 * (0.65 - day.sleep)
    evening = 1.0 / (1.0 + np.exp(-(hour - 18.0)))
    fits = {
        "plan": np.where(hour < 10, 1.5, 0.8),
        "focus": np.where(day.free_min >= 60, 1.1 + sharp, 0.4),
        "break": 0.6 + worn,
        "social": 0.7 + 0.6 * evening + 0.3 * at.weekend,
        "reflect": 0.6 + 0.7 * evening * (1.0 - 0.5 * day.mood),
        "move": np.where(day.busy > 0, 0.4, 1.2 - 0.5 * evening),
        "rest": 0.5 + worn * evening + np.maximum(0, -day.mood),
        "tidy": np.where(at.weekend > 0, 1.4, 0.75),
    }
    table = np.stack([own(theme) * fits[theme] for theme in THEMES])
    return np.asarray(table[np.minimum(stage.group, len(THEMES) - 1), stage.moment])


def _sharp(stage: Stage, own: Own) -> Floats:
    """From +swing at the best hour to −swing at the opposite one."""
    return np.asarray(own("swing") * np.cos((stage.moments.hour - own("sharp")) / 24.0 * 2 * np.pi))
