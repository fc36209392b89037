"""A person's states for one decision: one read for all policies; the population's where none is usable."""

from collections.abc import Mapping
from uuid import UUID

from ml.policy import State
from ml.serving.metrics import Metrics
from ml.serving.policies import Policies
from ml.serving.rebuilding import Rebuilding
from ml.state import Away, Recalled, Store, opened

NOTHING = Recalled({}, b"", taught=False)


async def recall(
    store: Store | None, rebuilding: Rebuilding | None, policies: Policies, metrics: Metrics, person: UUID
) -> Mapping[str, State]:
    """States by policy name. Never fails: what cannot be read is counted, stands fresh, and is rebuilt."""
    recalled, away = NOTHING, False
    try:
        if store is None:
            raise Away("No database is set.")
        recalled = await store.recall(person, policies.names)
    except Away:
        away = True
    states: dict[str, State] = {}
    for policy in policies.all:
        row, version = recalled.rows.get(policy.name), policies.learning.version(policy)
        state, found = opened(policy, person, row, recalled.made_of, version)
        states[policy.name] = state
        fault = _fault(found, away, recalled.taught)
        if fault:
            metrics.state_faults.add(1, {"policy": policy.name, "outcome": fault})
            if rebuilding and not away:
                rebuilding.want(person)
    return states


def _fault(found: str, away: bool, taught: bool) -> str | None:
    if away:
        return "away"
    if found == "new":
        return "missing" if taught else None
    return "unusable" if found == "unusable" else None
