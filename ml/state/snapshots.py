"""What terms had taught when they grew old: two copies of each state, of which one is enough."""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from ml.policy import Policy, State
from ml.state.learning import Learning
from ml.state.packing import digest
from ml.state.rows import COPIES, Snapshot


@dataclass(frozen=True, slots=True)
class Base:
    """Where a fold begins."""

    frozen_t: float
    states: Mapping[str, State]
    faults: list[str] = field(default_factory=list)


def _checksum(person: UUID, policy: str, version: str, frozen_t: float, data: bytes) -> bytes:
    return digest(person.bytes, policy.encode(), version.encode(), struct.pack("<d", frozen_t), data)


def base_of(person: UUID, stored: Sequence[Snapshot], learning: Learning, frozen_t: float) -> Base:
    """`frozen_t` by the head. One lost copy is made again from the other; where both are lost, or the policy
    came later, the fold begins fresh, and that is a fault."""
    frozen_t = max([frozen_t, *(snapshot.frozen_t for snapshot in stored)])
    if frozen_t == 0.0:
        return Base(0.0, {policy.name: policy.fresh() for policy in learning.policies})
    states: dict[str, State] = {}
    faults: list[str] = []
    for policy in learning.policies:
        sound = [s for s in stored if s.policy == policy.name and _is_sound(person, s, policy, learning)]
        newest = [s for s in sound if s.frozen_t == frozen_t]
        states[policy.name] = type(policy.fresh()).from_bytes(newest[0].data) if newest else policy.fresh()
        if len(newest) < len(COPIES):
            faults.append("snapshot_copied" if newest else "snapshot_lost")
    return Base(frozen_t, states, faults)


def _is_sound(person: UUID, snapshot: Snapshot, policy: Policy, learning: Learning) -> bool:
    policy_name, _, version, frozen_t, data, expected = snapshot
    if version != learning.version(policy):
        return False
    return _checksum(person, policy_name, version, frozen_t, data) == expected


def snapshots_of(person: UUID, base: Base, learning: Learning) -> list[Snapshot]:
    made: list[Snapshot] = []
    for policy in learning.policies:
        data, version = base.states[policy.name].to_bytes(), learning.version(policy)
        check = _checksum(person, policy.name, version, base.frozen_t, data)
        made += [Snapshot(policy.name, copy, version, base.frozen_t, data, check) for copy in COPIES]
    return made
