"""The last decisions of this process, for whoever looks into one. The decision log has them all."""

from collections import OrderedDict
from collections.abc import Callable
from time import monotonic
from typing import NamedTuple
from uuid import UUID

from ml.policy.base import Floats

MOST = 256
FOR_S = 900.0


class Kept(NamedTuple):
    person: UUID
    policy: str
    version: str
    chosen: str | None
    ids: list[str]
    names: list[str]
    x: Floats
    contributions: Floats


class Recent:
    """Bounded in number and in time, and what is known of a person goes with them."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._kept: OrderedDict[str, tuple[float, Kept]] = OrderedDict()

    def keep(self, decision_id: str, kept: Kept) -> None:
        self._kept.pop(decision_id, None)
        self._kept[decision_id] = (self._clock(), kept)
        while len(self._kept) > MOST or self._is_over(next(iter(self._kept.values()))[0]):
            self._kept.popitem(last=False)

    def of(self, decision_id: str) -> Kept | None:
        found = self._kept.get(decision_id)
        return None if found is None or self._is_over(found[0]) else found[1]

    def forget(self, person: UUID) -> None:
        for decision_id in [name for name, (_, kept) in self._kept.items() if kept.person == person]:
            del self._kept[decision_id]

    def _is_over(self, at: float) -> bool:
        return self._clock() - at > FOR_S
