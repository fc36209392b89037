"""`/reward`: reward events become terms, each event once, and the states follow in the same transaction."""

from datetime import UTC, datetime
from uuid import UUID

import numpy as np

from ml.serving.contract_learned import RewardEvent, RewardRequest, RewardResult
from ml.serving.metrics import Metrics
from ml.serving.policies import Policies
from ml.serving.problems import Refusal
from ml.serving.tracing import Tracing
from ml.state import DAY_S, Learning, Store, Term

AHEAD_S = 60.0
"""How far another machine's clock may be ahead of this one's."""


async def learn(
    request: RewardRequest, policies: Policies, store: Store, metrics: Metrics, tracing: Tracing | None = None
) -> RewardResult:
    """One transaction for all; a refused event refuses the request before anything is written."""
    arrivals: dict[UUID, list[Term]] = {}
    for event in request["events"]:
        arrivals.setdefault(event["personId"], []).append(_term(event, policies.learning))
    begins = request.get("fromTheStart", False)
    if begins:
        await store.log_begins()
    parents = [parent for event in request["events"] if (parent := event.get("traceParent"))]
    with (tracing or Tracing(None)).steps(("ml learns", "posterior transaction"), parents):
        learned = await store.learn(policies.learning, arrivals, begins)
    if request.get("toTheEnd", False):
        await store.log_ended()
    counted = {"applied": learned.applied, "duplicate": learned.duplicates, "late": learned.late}
    for outcome, n in (counted | {"erased": learned.ignored}).items():
        if n:
            metrics.rewards.add(n, {"outcome": outcome})
    for fault in learned.faults:
        metrics.state_faults.add(1, {"policy": "all", "outcome": fault})
    metrics.refolds.add(learned.refolds)
    return RewardResult(
        applied=learned.applied,
        duplicates=learned.duplicates,
        late=learned.late,
        ignored=learned.ignored,
        startOver=not begins and learned.wants_log,
    )


def _term(event: RewardEvent, learning: Learning) -> Term:
    x = _row(event, learning)
    replaces = event.get("replaces")
    return Term(
        event_id=event["eventId"],
        t_days=_earned_at(event.get("at"), datetime.now(UTC)).timestamp() / DAY_S,
        decision_id=event["decisionId"],
        part=event["part"],
        reward=event["reward"],
        x=x,
        layout=None if x is None else learning.layout,
        replaces=None if replaces == event["eventId"] else replaces,
    )


def _earned_at(told: datetime | None, now: datetime) -> datetime:
    """The future counts as now: a state forgets from its newest term, so it would not until then."""
    return now if told is None or (told - now).total_seconds() > AHEAD_S else told


def _row(event: RewardEvent, learning: Learning) -> bytes | None:
    """The chosen candidate's row in today's column order; a feature it did not have counts as 0."""
    chosen, block = event["chosen"], event["features"]
    if chosen is None:
        return None
    width = len(block["names"])
    if len(block["values"]) != len(block["ids"]) or any(len(row) != width for row in block["values"]):
        raise Refusal(
            422, f"Event {event['eventId']}: features need a row per id and a number per name in each row."
        )
    if chosen not in block["ids"]:
        raise Refusal(422, f"Event {event['eventId']}: chosen is not among features.ids.")
    values = dict(zip(block["names"], block["values"][block["ids"].index(chosen)], strict=True))
    return np.array([values.get(name, 0.0) for name in learning.columns], dtype="<f8").tobytes()
