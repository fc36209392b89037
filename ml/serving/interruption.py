"""Whether a moment is worth a tip: on the page nearly always, as a push where the rule of timing says so."""

from typing import NamedTuple

from ml.policy.draw import chance_for
from ml.policy.timing import LEAST, MOST, Seen, later, send_probability, threshold, usable
from ml.serving.contract import ScoreRequest, SilenceReason, Timing
from ml.serving.pushing import Weighed, every_min, timing_of


class Interruption(NamedTuple):
    silence: SilenceReason | None
    send_probability: float | None = None
    """Of a push."""


def interruption(
    request: ScoreRequest, best: float | None, push: Weighed | None, seen: Seen, price: float
) -> Interruption:
    """`best` is the best expected reward on the page; both are None where the policy expects nothing."""
    is_push = request["trigger"] == "push"
    if not request["candidates"]:
        return Interruption("nothing_eligible", 0.0 if is_push else None)
    if not is_push:
        return Interruption("nothing_worth_it" if best is not None and best < 0 else None)
    timing = timing_of(request)
    if timing["sendsLeft"] == 0:
        return Interruption("budget_spent", 0.0)
    chance = _chance(timing, push, seen, price)
    sends = chance_for(request["decisionId"], "send") < chance
    return Interruption(None if sends else "not_worth_an_interruption", chance)


def _chance(timing: Timing, push: Weighed | None, seen: Seen, price: float) -> float:
    """A policy without expectations leaves it to chance, so that the budget lasts for the day."""
    left, of = timing["sendsLeft"], timing["opportunitiesLeft"]
    if push is None:
        return min(MOST, max(LEAST, left / max(of, 1)))
    to_come = later(seen, push.choice, push.added)
    above = threshold(to_come, left, usable(left, of, every_min(timing)), price)
    return send_probability(push.best, above, to_come.deviation, price)
