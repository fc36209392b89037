"""What learns, and from which columns; and the fold, the one way in which a state comes from terms.

A term is kept whole. One that teaches a part (`wrong_time`, `wrong_thing`) is folded with the columns of the
other part at 0, so that their weights do not move. Who learns apart has columns of their own at the end of
each row, and learns only from terms that have something in them.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from ml.features import NAMES, PARTS
from ml.features.feature import FeaturePart
from ml.policy import OutlivesItsPrior, Policy, State, moment
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


class Apart(NamedTuple):
    """Learns from columns of its own."""

    policy: Policy
    names: tuple[str, ...]
    parts: tuple[FeaturePart, ...]


@dataclass(frozen=True, slots=True)
class Learning:
    among: tuple[Policy, ...]
    """Who learns from `names`."""
    names: tuple[str, ...]
    parts: tuple[FeaturePart, ...] = ()
    """Of each column; none said is `both` for all."""
    apart: tuple[Apart, ...] = ()
    policies: tuple[Policy, ...] = field(init=False)
    columns: tuple[str, ...] = field(init=False)
    """Of a row: of all together, then of each apart."""
    layout: str = field(init=False)
    _versions: Mapping[str, str] = field(init=False)
    _masks: Mapping[str, Floats] = field(init=False)
    _sees: Mapping[str, slice] = field(init=False)

    def __post_init__(self) -> None:
        columns, parts = self.names, self.parts or ("both",) * len(self.names)
        own = layout_of([*self.names, *self.parts])[:8]
        versions = {policy.name: f"{_state_version(policy)}+{own}" for policy in self.among}
        sees: dict[str, slice] = {}
        for policy, names, of in self.apart:
            sees[policy.name] = slice(len(columns), len(columns) + len(names))
            versions[policy.name] = f"{_state_version(policy)}+{layout_of([*names, *of])[:8]}"
            columns, parts = (*columns, *names), (*parts, *of)
        taught = {one: np.array([float(part in (one, "both")) for part in parts]) for one in _PARTS}
        policies = (*self.among, *(one.policy for one in self.apart))
        made = {"policies": policies, "columns": columns, "layout": layout_of(columns)}
        for name, value in (made | {"_versions": versions, "_masks": taught, "_sees": sees}).items():
            object.__setattr__(self, name, value)

    @property
    def policy_names(self) -> list[str]:
        return [policy.name for policy in self.policies]

    def version(self, policy: Policy) -> str:
        """A state belongs to its columns, their parts, and to what states know of a policy's version."""
        return self._versions[policy.name]

    def row(self, policy: Policy, term: Term, layouts: Layouts) -> Floats | None:
        """What it teaches in today's columns: one it did not have, or of the other part, counts as 0. None:
        nothing to one who learns apart."""
        mask, row = self._masks.get(term.part), self._whole(term, layouts)
        taught, own = row if mask is None else row * mask, self._sees.get(policy.name)
        if own is None:
            return taught[: len(self.names)]
        return taught[own] if taught[own].any() else None

    def _whole(self, term: Term, layouts: Layouts) -> Floats:
        values = np.frombuffer(term.x or b"", dtype="<f8").astype(np.float64)
        if term.layout == self.layout:
            return values
        names = layouts.get(term.layout or "")
        if names is None or len(names) != len(values):
            raise Damaged(f"The columns of event {term.event_id} are not known.")
        had = dict(zip(names, values.tolist(), strict=True))
        return np.array([had.get(name, 0.0) for name in self.columns], dtype=np.float64)

    async def fold(self, policy: Policy, start: State, terms: Sequence[Term], layouts: Layouts) -> State:
        """`start` with each of these terms, which stand and are in order, one after the other."""
        state = start
        for at, term in enumerate(terms):
            if term.reward is not None and (row := self.row(policy, term, layouts)) is not None:
                state = policy.update(state, row, term.reward, term.t_days)
            if at % AT_ONCE == AT_ONCE - 1:
                await asyncio.sleep(0)
        return state


def learning_of(policies: tuple[Policy, ...], moments: moment.Moments) -> Learning:
    """As it serves: these learn from features, what is learned of moments from columns of pushes."""
    return Learning(policies, NAMES, PARTS, (Apart(moments, moment.COLUMNS, moment.PARTS),))
