"""What is known of a person for one decision: one read, for all policies and for timing."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from ml.policy import Policy, State
from ml.serving.metrics import Metrics
from ml.serving.policies import Policies
from ml.serving.rebuilding import Rebuilding
from ml.state import Away, Learning, Opportunities, Recalled, Store, opened

NOTHING = Recalled({}, b"", taught=False)


class Known(NamedTuple):
    """States by policy name; None where there must be one and it cannot be used."""

    states: Mapping[str, State | None]
    opportunities: Opportunities


async def recall(store: Store | None, policies: Policies, person: UUID, trigger: str) -> Recalled | None:
    """None where the database is away."""
    try:
        return await store.recall(person, policies.names_for(trigger)) if store else None
    except Away:
        return None


def known_of(
    person: UUID,
    recalled: Recalled | None,
    wanted: Sequence[Policy],
    learning: Learning,
    rebuilding: Rebuilding | None,
    metrics: Metrics,
) -> Known:
    """Never fails: what cannot be read is counted and rebuilt."""
    rows, made_of, taught, opportunities = recalled or NOTHING
    states: dict[str, State | None] = {}
    for policy in wanted:
        row, version = rows.get(policy.name), learning.version(policy)
        state, found = opened(policy, person, row, made_of, version)
        fault = _fault(found, recalled is None, taught)
        states[policy.name] = None if fault else state
        if fault:
            metrics.state_faults.add(1, {"policy": policy.name, "outcome": fault})
            if rebuilding and recalled is not None:
                rebuilding.want(person)
    return Known(states, opportunities)


def _fault(found: str, away: bool, taught: bool) -> str | None:
    if away:
        return "away"
    if found == "new":
        return "missing" if taught else None
    return "unusable" if found == "unusable" else None
