"""Every hour: terms that grew old go into snapshots, so that rows and the cost of a refold stay bounded."""

import asyncio
import time
from collections.abc import Callable
from uuid import UUID

from ml.serving.background import Background
from ml.serving.log import log
from ml.serving.metrics import Metrics
from ml.state import DAY_S, Away, Learning, Store

EVERY_S = 3_600.0
AT_ONCE = 100
SPARE_DAYS = 1.0
"""A day more goes with what is old, so that a person is folded anew once a day and not every hour."""
MOST_PEOPLE = 20_000
"""A round ends even where more is old; the next one goes on."""


def unleaping(wall: Callable[[], float], steady: Callable[[], float]) -> Callable[[], float]:
    """Days since 1970. A clock that jumps forward makes nothing old: only time that passed here does."""
    began, steady_began = wall(), steady()
    return lambda: min(wall(), began + steady() - steady_began) / DAY_S


class Upkeep(Background):
    def __init__(self, store: Store, learning: Learning, metrics: Metrics, retention_days: float) -> None:
        self._store, self._learning, self._metrics = store, learning, metrics
        self._retention_days = retention_days

    async def _run(self) -> None:
        now_days = unleaping(time.time, time.monotonic)
        while True:
            await asyncio.sleep(EVERY_S)
            try:
                await self.round(now_days())
            except Away:
                continue
            except Exception as error:  # the next round tries again
                log.error("old terms could not be put away", extra={"error": type(error).__name__})

    async def round(self, now_days: float) -> int:
        """Answers how many people had old terms."""
        before_t, seen = now_days - self._retention_days, 0
        after = (0.0, UUID(int=0))
        while seen < MOST_PEOPLE:
            people = await self._store.aged(before_t, after, AT_ONCE)
            for after in people:
                made = await self._store.refold(after[1], self._learning, before_t + SPARE_DAYS)
                for fault in made.faults if made else []:
                    self._metrics.state_faults.add(1, {"policy": "all", "outcome": fault})
            seen += len(people)
            if len(people) < AT_ONCE:
                return seen
        return seen
