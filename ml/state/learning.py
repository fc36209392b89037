"""What learns, and from which columns; and the fold, the one way in which a state comes from terms.

A term is kept whole. One that teaches a part (`wrong_time`, `wrong_thing`) is folded with the columns of the
other part at 0, so that their weights do not move.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ml.features.feature import FeaturePart
from ml.policy import OutlivesItsPrior, Policy, State
from ml.policy.base import Floats
from ml.state.packing import Damaged, digest
from ml.state.term import Term

_PARTS = ("timing", "choice")
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
    parts: tuple[FeaturePart, ...] = ()
    """Of each column; none said is `both` for all."""
    layout: str = field(init=False)
    _versions: Mapping[str, str] = field(init=False)
    _masks: Mapping[str, Floats] = field(init=False)

    def __post_init__(self) -> None:
        layout = layout_of(self.names)
        object.__setattr__(self, "layout", layout)
        columns = layout_of([*self.names, *self.parts])[:8]
        versions = {policy.name: f"{_state_version(policy)}+{columns}" for policy in self.policies}
        object.__setattr__(self, "_versions", versions)
        parts = self.parts or ("both",) * len(self.names)
        taught = {one: np.array([float(part in (one, "both")) for part in parts]) for one in _PARTS}
        object.__setattr__(self, "_masks", taught)

    @property
    def policy_names(self) -> list[str]:
        return [policy.name for policy in self.policies]

    def version(self, policy: Policy) -> str:
        """A state belongs to its columns, their parts, and to what states know of a policy's version."""
        return self._versions[policy.name]

    def row(self, term: Term, layouts: Layouts) -> Floats:
        """What it teaches in today's columns: one it did not have, or of the other part, counts as 0."""
        mask, row = self._masks.get(term.part), self._whole(term, layouts)
        return row if mask is None else row * mask

    def _whole(self, term: Term, layouts: Layouts) -> Floats:
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
