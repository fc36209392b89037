"""What a person reads of a weight that has moved: more, and less, than oO assumed of anyone.

A weight says how a tip is received, so a sentence says what helps and never what the person is like.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Learned(NamedTuple):
    more: str
    less: str


def _helps(what: str, are: bool = False) -> Learned:
    helps, does = ("help", "do") if are else ("helps", "does")
    return Learned(f"{what} {helps} you more than oO assumed", f"{what} {does} less for you than oO assumed")


LEARNED: Mapping[str, Learned] = {
    "intercept": Learned("tips help you more than oO assumed", "tips help you less than oO assumed"),
    "kind_todo": _helps("being shown one of your tasks"),
    "kind_advice": _helps("a piece of advice"),
    "kind_ambient": _helps("a quiet thought"),
    "overdue": _helps("being shown what is overdue"),
    "age": _helps("being shown what has waited long"),
    "priority": _helps("being shown what you marked as important"),
    "due_today": _helps("being shown what is due today"),
    "times_shown": Learned(
        "seeing the same thing again helps you more than oO assumed",
        "seeing the same thing again helps you less than oO assumed",
    ),
    "effort": Learned(
        "long tasks suit you more than oO assumed", "short tasks suit you more than oO assumed"
    ),
    "near_due": _helps("being shown what is near its time"),
    "theme_plan": _helps("a little planning"),
    "theme_focus": _helps("a stretch of focus"),
    "theme_break": _helps("a break"),
    "theme_social": _helps("being in touch with people"),
    "theme_reflect": _helps("a moment to reflect"),
    "theme_move": _helps("moving a little"),
    "theme_rest": _helps("some rest"),
    "todo_morning": _helps("tasks in the morning", are=True),
    "todo_evening": _helps("tasks in the evening", are=True),
    "effort_morning": Learned(
        "long tasks suit your mornings more than oO assumed",
        "short tasks suit your mornings more than oO assumed",
    ),
    "effort_evening": Learned(
        "long tasks suit your evenings more than oO assumed",
        "short tasks suit your evenings more than oO assumed",
    ),
    "hour_suits": Learned(
        "the usual time of day for a tip suits you more than oO assumed",
        "unusual times of day for a tip suit you more than oO assumed",
    ),
    "priority_weekend": _helps("important things at the weekend", are=True),
    "todo_weekend": _helps("tasks at the weekend", are=True),
    "kind_recent": Learned(
        "more of the same kind suits you better than oO assumed",
        "a change of kind suits you better than oO assumed",
    ),
    "dose_todo": _helps("a task after other tips"),
    "fits_gap": _helps("what fits into your free time"),
    "from_calendar": _helps("what belongs to your calendar"),
    "generated": _helps("a tip written for your day"),
    "dismissed_similarity": Learned(
        "what is like the things you passed over helps you more than oO assumed",
        "what is like the things you passed over helps you less than oO assumed",
    ),
    "mood_gentle": _helps("something gentle when your mood is low"),
    "sleep_effort": Learned(
        "long tasks after a bad night suit you more than oO assumed",
        "short tasks after a bad night suit you more than oO assumed",
    ),
    "busy_effort": Learned(
        "long tasks on busy days suit you more than oO assumed",
        "short tasks on busy days suit you more than oO assumed",
    ),
    "todo_shown": Learned(
        "seeing the same task again helps you more than oO assumed",
        "seeing the same task again helps you less than oO assumed",
    ),
    "todo_effort": Learned(
        "long tasks among your own suit you more than oO assumed",
        "short tasks among your own suit you more than oO assumed",
    ),
    "received": Learned(
        "what has helped others helps you more than oO assumed",
        "what has helped others helps you less than oO assumed",
    ),
}
