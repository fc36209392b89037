"""A stored row as a state, or the word for why not."""

from typing import Literal
from uuid import UUID

from ml.policy import Policy, State
from ml.state.packing import Damaged, verified
from ml.state.rows import Posterior

Outcome = Literal["known", "new", "unusable"]


def opened(
    policy: Policy, person: UUID, row: Posterior | None, made_of: bytes, version: str
) -> tuple[State, Outcome]:
    """The fresh state where there is no row, or one of another version, of other terms, or damaged."""
    fresh = policy.fresh()
    if row is None:
        return fresh, "new"
    if row.version != version:
        return fresh, "unusable"
    try:
        data = verified(person, policy.name, row.version, made_of, row.data, row.checksum)
        return type(fresh).from_bytes(data), "known"
    except (Damaged, ValueError):
        return fresh, "unusable"
