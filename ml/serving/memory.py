"""What is known of a person for one decision: one read, for all policies and for timing."""

from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from ml.policy import State
from ml.serving.metrics import Metrics
from ml.serving.policies import Policies
from ml.serving.rebuilding import Rebuilding
from ml.state import Away, Opportunities, Recalled, Store, opened

NOTHING = Recalled({}, b"", taught=False)


class Known(NamedTuple):
    """States by policy name; None where there must be one and it cannot be used."""

    states: Mapping[str, State | None]
    opportunities: Opportunities


async def recall(
    store: Store | None,
    rebuilding: Rebuilding | None,
    policies: Policies,
    metrics: Metrics,
    person: UUID,
    trigger: str,
) -> Known:
    """Never fails: what cannot be read is counted and rebuilt."""
    recalled, away, wanted = NOTHING, False, policies.read_for(trigger)
    try:
        if store is None:
            raise Away("No database is set.")
        recalled = await store.recall(person, [policy.name for policy in wanted])
    except Away:
        away = True
    states: dict[str, State | None] = {}
    for policy in wanted:
        row, version = recalled.rows.get(policy.name), policies.learning.version(policy)
        state, found = opened(policy, person, row, recalled.made_of, version)
        fault = _fault(found, away, recalled.taught)
        states[policy.name] = None if fault else state
        if fault:
            metrics.state_faults.add(1, {"policy": policy.name, "outcome": fault})
            if rebuilding and not away:
                rebuilding.want(person)
    return Known(states, recalled.opportunities)


def _fault(found: str, away: bool, taught: bool) -> str | None:
    if away:
        return "away"
    if found == "new":
        return "missing" if taught else None
    return "unusable" if found == "unusable" else None
