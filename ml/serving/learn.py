"""`/reward`: fold reward events into the states, each event once, together with its record."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import groupby
from uuid import UUID

import numpy as np

from ml.features import NAMES
from ml.policy import State
from ml.policy.base import Floats
from ml.serving.contract import RewardEvent, RewardRequest, RewardResult
from ml.serving.memory import opened
from ml.serving.metrics import Metrics
from ml.serving.policies import Policies
from ml.serving.problems import Refusal
from ml.state import Known, Store, checksum
from ml.state.store import (
    Connection,
    lock_person,
    read_events,
    read_posteriors,
    write_events,
    write_posterior,
)

DAY_S = 86_400.0
READ_TIMEOUT_S = 5.0


async def learn(request: RewardRequest, policies: Policies, store: Store, metrics: Metrics) -> RewardResult:
    """One transaction per person, people in a fixed order; a refused event refuses the request before any."""
    events = [(event, _row(event)) for event in request["events"]]
    result = RewardResult(applied=0, duplicates=0, ignored=0)
    for person, group in groupby(sorted(events, key=_person), key=_person):
        async with store.transaction() as connection:
            applied, duplicates, ignored = await _learn_one(connection, person, list(group), policies)
        result["applied"] += applied
        result["duplicates"] += duplicates
        result["ignored"] += ignored
        for outcome, n in (("applied", applied), ("duplicate", duplicates), ("erased", ignored)):
            if n:
                metrics.rewards.add(n, {"outcome": outcome})
    return result


def _person(pair: tuple[RewardEvent, Floats | None]) -> UUID:
    return pair[0]["personId"]


async def _learn_one(
    connection: Connection,
    person: UUID,
    events: Sequence[tuple[RewardEvent, Floats | None]],
    policies: Policies,
) -> tuple[int, int, int]:
    if not await lock_person(connection, person):
        return 0, 0, len(events)
    named = {e["eventId"] for e, _ in events} | {r for e, _ in events if (r := e.get("replaces"))}
    known = await read_events(connection, person, sorted(named))
    rows = await read_posteriors(connection, person, policies.names, READ_TIMEOUT_S)
    states: dict[str, State] = {p.name: opened(p, person, rows.get(p.name))[0] for p in policies.all}
    changed: dict[str, Known] = {}
    duplicates = 0
    for event, x in events:
        heard = known.get(event["eventId"])
        if heard is not None and heard.decision_id is not None:
            duplicates += 1
            continue
        for record in _fold(event, x, known, states, policies):
            known[record.event_id] = changed[record.event_id] = record
    for policy in policies.all:
        if changed:
            data = states[policy.name].to_bytes()
            check = checksum(person, policy.name, policy.version, data)
            await write_posterior(connection, person, policy.name, policy.version, data, check)
    await write_events(connection, list(changed.values()))
    return len(events) - duplicates, duplicates, 0


def _fold(
    event: RewardEvent,
    x: Floats | None,
    known: Mapping[str, Known],
    states: dict[str, State],
    policies: Policies,
) -> list[Known]:
    """Apply one event to the states in place; returns the records it leaves."""
    person, event_id, replaces = event["personId"], event["eventId"], event.get("replaces")
    overtaken = known.get(event_id)
    # Rewards for timing alone teach no choice; a silence has no chosen row to learn from.
    teaches = x is not None and event["part"] in ("all", "choice")
    new = event["reward"] if teaches and overtaken is None else None
    t_days = (event.get("at") or datetime.now(UTC)).timestamp() / DAY_S
    record = Known(
        event_id=event_id,
        person_id=person,
        reward=event["reward"],
        x=None if x is None else x.tobytes(),
        t_days=t_days,
        decision_id=event["decisionId"],
        part=event["part"],
        in_state=new is not None,
        replaced_by=None if overtaken is None else overtaken.replaced_by,
    )
    records = [record]
    old = None
    if replaces:
        target = known.get(replaces, Known(event_id=replaces, person_id=person))
        if target.in_state and target.x is not None:
            # The old terms leave exactly as they came: with their own row and their own time.
            old, x, t_days = target.reward, np.frombuffer(target.x), target.t_days or t_days
            records = [replace(record, x=target.x, t_days=t_days)]
        records.insert(0, replace(target, in_state=False, replaced_by=event_id))
    if x is not None and (old is not None or new is not None):
        for policy in policies.all:
            states[policy.name] = policy.revise(states[policy.name], x, old, new, t_days)
    return records


def _row(event: RewardEvent) -> Floats | None:
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
    return np.array([values.get(name, 0.0) for name in NAMES], dtype=np.float64)
