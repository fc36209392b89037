"""What oO itself remembers: repeats, dose, rests after a snooze or a dismissal, how cards were received."""

import numpy as np

from ml.evaluate.logged import Ints
from ml.experiments.received import Received
from ml.experiments.worlds.cards import GROUPS, TODO_GROUP
from ml.experiments.worlds.columns import AMOUNT_AT_MOST, SHOWN_AT_MOST, STEP
from ml.experiments.worlds.stage import Stage
from ml.experiments.worlds.tape import Tape
from ml.experiments.worlds.tasks import TOPICS
from ml.experiments.worlds.world import Outcome
from ml.features import COLUMNS
from ml.policy.base import Floats
from ml.reward import Reaction

HALF_LIFE_DAYS = 1.0
SNOOZE_DAYS, REST_DAYS = 4 / 24, 3.0
SIMILAR, SIMILAR_FADES_DAYS = 0.75, 10.0
"""How alike things of one group and topic are taken to be, and how fast a dismissal is forgotten."""
_NEVER = float("inf")
_RESTS: dict[Reaction, float] = {
    "done": _NEVER,
    "never": _NEVER,
    "dismiss": REST_DAYS,
    "snooze": SNOOZE_DAYS,
}
_SHOWN, _TODO_SHOWN, _RECENT, _DOSE, _SIMILAR, _RECEIVED = (
    COLUMNS[name]
    for name in (
        *("times_shown", "todo_shown", "kind_recent", "dose_todo", "dismissed_similarity", "received"),
    )
)


class Memory:
    """Of one policy's run through a tape."""

    def __init__(self, tape: Tape) -> None:
        stage, people = tape.stage, tape.stage.regime.people
        self._tape, self._stage, self._tables = tape, stage, tape.tables
        self._rests_until = np.zeros(stage.items)
        self._shown = np.zeros(stage.items, dtype=np.int64)
        self._recent, self._recent_at = np.zeros((people, GROUPS)), np.zeros((people, GROUPS))
        self._dose, self._dose_at = np.zeros(people), np.zeros(people)
        self._like = _likeness(stage)
        self._dismissed = np.full((people, GROUPS + TOPICS), -np.inf)
        self.received = Received(stage)

    def rows(self, m: int) -> Ints:
        """What is eligible: what is done is gone, what was put off rests."""
        low, high = self._stage.start[m], self._stage.start[m + 1]
        resting = self._rests_until[self._stage.item[low:high]] > self._stage.moments.t[m]
        return np.asarray(low + np.flatnonzero(~resting))

    def dosage(self, person: int, t: float) -> float:
        faded = self._dose[person] * 2.0 ** ((self._dose_at[person] - t) / HALF_LIFE_DAYS)
        return float(faded)

    def amounts(self, m: int, rows: Ints) -> tuple[Ints, Floats, float, Floats]:
        """timesShown, kindRecent, dosage, dismissedSimilarity: as they are told, in whole steps."""
        shown, recent, dosage, similar = self._steps(m, rows)
        return shown, np.multiply(recent, STEP), dosage * STEP, np.multiply(similar, STEP)

    def x(self, m: int, rows: Ints) -> Floats:
        """The columns a policy sees: those of the tape, with what depends on earlier choices filled in."""
        shown, recent, dosage, similar = self._steps(m, rows)
        seen = self._tape.x[rows]
        todo = self._stage.group[rows] == TODO_GROUP
        seen[:, _SHOWN] = self._tables.shown[shown]
        seen[:, _TODO_SHOWN] = seen[:, _SHOWN] * todo
        seen[:, _RECENT] = self._tables.recent[recent] * ~todo
        seen[:, _DOSE] = self._tables.dose[dosage] * todo
        seen[:, _SIMILAR] = self._tables.similar[similar]
        card = self._stage.card[rows]
        seen[:, _RECEIVED] = self.received.of_card[card] * (card >= 0)
        return seen

    def _steps(self, m: int, rows: Ints) -> tuple[Ints, Ints, int, Ints]:
        person, t = int(self._stage.moments.person[m]), float(self._stage.moments.t[m])
        recent = self._recent[person] * np.exp2((self._recent_at[person] - t) / HALF_LIFE_DAYS)
        similar = np.exp2((self._dismissed[person] - t) / SIMILAR_FADES_DAYS) * (SIMILAR / STEP)
        return (
            self._shown[self._stage.item[rows]],
            _whole(recent / STEP)[self._stage.group[rows]],
            round(self.dosage(person, t) / STEP),
            _whole(similar)[self._like[rows]],
        )

    def shown(self, row: int, outcome: Outcome) -> None:
        stage = self._stage
        m, item, group = int(stage.moment[row]), int(stage.item[row]), int(stage.group[row])
        person, t = int(stage.moments.person[m]), float(stage.moments.t[m])
        self._shown[item] = min(self._shown[item] + 1, SHOWN_AT_MOST)
        faded = 2.0 ** ((self._recent_at[person, group] - t) / HALF_LIFE_DAYS)
        self._recent[person, group] = min(self._recent[person, group] * faded + 1.0, AMOUNT_AT_MOST)
        self._recent_at[person, group] = t
        self._dose[person] = min(self.dosage(person, t) + 1.0, AMOUNT_AT_MOST)
        self._dose_at[person] = t
        if outcome.reaction is None:
            return
        rest = _RESTS.get(outcome.reaction)
        # A card that was followed may come again: only a task is gone when it is done.
        if outcome.reaction == "done" and group != TODO_GROUP:
            rest = REST_DAYS
        if rest is not None:
            self._rests_until[item] = t + rest
        if outcome.reaction in ("dismiss", "never"):
            self._dismissed[person, self._like[row]] = t


def _likeness(stage: Stage) -> Ints:
    """Of each row: what it is alike by, its topic for a task and its theme for a tip."""
    topic = GROUPS + stage.tasks.topic[np.maximum(stage.task, 0)]
    return np.where(stage.task >= 0, topic, stage.group)


def _whole(amounts: Floats) -> Ints:
    return np.asarray(np.rint(amounts).astype(np.int64))
