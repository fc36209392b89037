"""What learns, and from which columns; and the fold, the one way in which a state comes from terms."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ml.policy import OutlivesItsPrior, Policy, State
from ml.policy.base import Floats
from ml.state.packing import Damaged, digest
from ml.state.term import Term

AT_ONCE = 64
"""Terms between two looks at other work: a refold must not make a tip wait."""
Layouts = Mapping[str, tuple[str, ...]]


def layout_of(names: Iterable[str]) -> str:
    return digest(*(name.encode() for name in names)).hex()[:16]


def _state_version(policy: Policy) -> str:
    return policy.state_version if isinstance(policy, OutlivesItsPrior) else policy.version


@dataclass(frozen=True, slots=True)
class Learning:
    policies: tuple[Policy, ...]
    names: tuple[str, ...]
    layout: str = field(init=False)
    _versions: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        layout = layout_of(self.names)
        object.__setattr__(self, "layout", layout)
        versions = {policy.name: f"{_state_version(policy)}+{layout[:8]}" for policy in self.policies}
        object.__setattr__(self, "_versions", versions)

    @property
    def policy_names(self) -> list[str]:
        return [policy.name for policy in self.policies]

    def version(self, policy: Policy) -> str:
        """A state belongs to its columns and to a policy's version, or to the part of it that states know."""
        return self._versions[policy.name]

    def row(self, term: Term, layouts: Layouts) -> Floats:
        """Its features in today's columns; one it did not have counts as 0."""
        values = np.frombuffer(term.x or b"", dtype="<f8").astype(np.float64)
        if term.layout == self.layout:
            return values
        names = layouts.get(term.layout or "")
        if names is None or len(names) != len(values):
            raise Damaged(f"The columns of event {term.event_id} are not known.")
        had = dict(zip(names, values.tolist(), strict=True))
        return np.array([had.get(name, 0.0) for name in self.names], dtype=np.float64)

    async def fold(self, policy: Policy, start: State, terms: Sequence[Term], layouts: Layouts) -> State:
        """`start` with each of these terms, which stand and are in order, one after the other."""
        state = start
        for at, term in enumerate(terms):
            if term.reward is not None:
                state = policy.update(state, self.row(term, layouts), term.reward, term.t_days)
            if at % AT_ONCE == AT_ONCE - 1:
                await asyncio.sleep(0)
        return state
