"""A person's states for one decision: one read for all policies; the population's where none is usable."""

from collections.abc import Mapping
from uuid import UUID

from ml.policy import Policy, State
from ml.serving.metrics import Metrics
from ml.serving.policies import Policies
from ml.state import Away, Damaged, Posterior, Store, verified


async def recall(
    store: Store | None, policies: Policies, metrics: Metrics, person: UUID
) -> Mapping[str, State]:
    """States by policy name. Never fails: what cannot be read is counted and replaced by the fresh state."""
    rows: Mapping[str, Posterior] = {}
    missing = "new"
    try:
        if store is None:
            raise Away("No database is set.")
        rows = await store.posteriors(person, policies.names)
    except Away:
        missing = "away"
    states: dict[str, State] = {}
    for policy in policies.all:
        state, outcome = opened(policy, person, rows.get(policy.name), missing)
        if outcome in ("unusable", "away"):
            metrics.state_faults.add(1, {"policy": policy.name, "outcome": outcome})
        states[policy.name] = state
    return states


def opened(policy: Policy, person: UUID, row: Posterior | None, missing: str = "new") -> tuple[State, str]:
    """A stored row as this policy's state, with what became of it."""
    fresh = policy.fresh()
    if row is None:
        return fresh, missing
    if row.version != policy.version:
        return fresh, "unusable"
    try:
        data = verified(person, policy.name, row.version, row.data, row.checksum)
        return type(fresh).from_bytes(data), "known"
    except (Damaged, ValueError):
        return fresh, "unusable"
