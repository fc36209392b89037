"""What oO sees: attributes of candidates, turned into columns by the very code that runs online.

What depends on earlier choices (repeats, dose, dismissals) is looked up in tables that the same code filled;
these amounts are rounded to the tables' steps before anybody sees them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from ml.experiments.worlds.cards import ADVICE, CARDS, PREPARE, THEMES, Cards
from ml.experiments.worlds.moments import EPOCH, START, ZONES
from ml.experiments.worlds.stage import Stage
from ml.experiments.worlds.tasks import Tasks
from ml.features import COLUMNS, Batch, matrix
from ml.policy.base import Floats

SHOWN_AT_MOST, AMOUNT_AT_MOST = 64, 16.0
STEP = 1 / 32
Seen = Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """The column of each amount: counts for `shown`, steps of STEP for the others."""

    shown: Floats
    recent: Floats
    dose: Floats
    similar: Floats


def tables() -> Tables:
    steps = _grid(round(AMOUNT_AT_MOST / STEP), STEP)
    unit = _grid(round(1 / STEP), STEP)

    def column(name: str, key: str, amounts: Floats) -> Floats:
        rows = [_card("advice", {key: amount}) for amount in amounts.tolist()]
        return _matrix(rows, EPOCH, 0, None, {})[:, COLUMNS[name]].copy()

    def dosed(amount: float) -> float:
        todo = {"kind": "todo", "source": "tasks", "attributes": {}}
        return float(_matrix([todo], EPOCH, 0, amount, {})[0, COLUMNS["dose_todo"]])

    return Tables(
        shown=column("times_shown", "timesShown", _grid(SHOWN_AT_MOST, 1.0)),
        recent=column("kind_recent", "kindRecent", steps),
        dose=np.array([dosed(amount) for amount in steps.tolist()]),
        similar=column("dismissed_similarity", "dismissedSimilarity", unit),
    )


def _grid(steps: int, step: float) -> Floats:
    return np.arange(steps + 1, dtype=np.float64) * step


def candidates(stage: Stage) -> Callable[[int], tuple[list[Seen], datetime, int, Seen]]:
    """What `/score` would be asked at a moment for someone new: candidates, now, zone, context."""
    at, days = stage.moments, stage.days
    of_task = _tasks(stage.tasks, stage)
    of_card = _cards(stage.cards)

    def asked(m: int) -> tuple[list[Seen], datetime, int, Seen]:
        low, high = stage.start[m], stage.start[m + 1]
        rows = zip(stage.task[low:high].tolist(), stage.card[low:high].tolist(), strict=True)
        seen = [of_task[task] if task >= 0 else of_card[card] for task, card in rows]
        context: dict[str, Any] = {}
        if days.calendar[m]:
            context |= {"busy": bool(days.busy[m]), "freeMin": float(days.free_min[m])}
        if days.diary[m]:
            context |= {"mood": float(days.mood[m]), "sleep": float(days.sleep[m])}
        now = EPOCH + timedelta(days=float(at.t[m]))
        return seen, now, int(at.zone[at.person[m]]), context

    return asked


def columns(stage: Stage) -> Floats:
    """Every row as it is for someone who was never shown anything."""
    asked = candidates(stage)
    blocks = []
    for m in range(len(stage.moments.t)):
        seen, now, zone, context = asked(m)
        blocks.append(_matrix(seen, now, zone, None, context))
    return np.concatenate(blocks) if blocks else np.zeros((0, len(COLUMNS)))


def _matrix(seen: list[Seen], now: datetime, zone: int, dosage: float | None, context: Seen) -> Floats:
    return matrix(Batch.of(seen, now, ZONES[zone], dosage, context))


def _card(kind: str, attributes: Seen, source: str = "library") -> Seen:
    return {"kind": kind, "source": source, "attributes": attributes}


def _cards(deck: Cards) -> list[Seen]:
    made: list[Seen] = []
    for card in range(CARDS):
        known = {"effortMin": float(deck.effort_min[card]), "generated": bool(deck.generated[card])}
        if card == PREPARE:
            made.append(_card("advice", known | {"theme": "plan"}, "calendar"))
        elif card < ADVICE:
            made.append(_card("advice", known | {"theme": THEMES[deck.group[card]]}))
        else:
            made.append(_card("ambient", {}))
    return made


def _tasks(todo: Tasks, stage: Stage) -> list[Seen]:
    made: list[Seen] = []
    for task, person in enumerate(todo.person.tolist()):
        zone = ZONES[stage.moments.zone[person]]
        known: dict[str, Any] = {
            "priority": int(todo.priority[task]),
            "createdAt": (START + timedelta(days=float(todo.arrives[task]))).replace(tzinfo=zone),
        }
        if not np.isnan(todo.due[task]):
            due = (START + timedelta(days=float(todo.due[task]))).replace(tzinfo=zone)
            known["due"] = {"date": due.date()} | ({"time": due} if todo.timed[task] else {})
        if todo.effort_known[task]:
            known["effortMin"] = float(todo.effort_min[task])
        made.append({"kind": "todo", "source": "tasks", "attributes": known})
    return made
