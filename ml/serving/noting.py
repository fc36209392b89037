"""Notes opportunities for a push behind the answers, many in one transaction, each decision once."""

import asyncio
from contextlib import suppress

from ml.serving.background import Background
from ml.serving.log import log
from ml.serving.metrics import Metrics
from ml.state import Away, Opportunity, Store

MOST_WAITING = 10_000
AT_ONCE = 256
REST_AFTER_FAILURE_S = 1.0
LAST_WITHIN_S = 1.0


class Noting(Background):
    """While the database is away they wait; beyond the bound they are counted and not noted."""

    def __init__(self, store: Store, metrics: Metrics) -> None:
        self._store, self._metrics = store, metrics
        self._waiting: dict[str, Opportunity] = {}
        self._wanted = asyncio.Event()

    async def stop(self) -> None:
        """What waits is tried once more, for a moment."""
        await super().stop()
        with suppress(Away, TimeoutError):
            async with asyncio.timeout(LAST_WITHIN_S):
                while self._waiting:
                    await self._note()

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def want(self, one: Opportunity) -> None:
        if len(self._waiting) >= MOST_WAITING:
            self._metrics.opportunities.add(1, {"outcome": "dropped"})
            return
        self._waiting.setdefault(one.decision_id, one)
        self._wanted.set()

    async def _run(self) -> None:
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            while self._waiting:
                try:
                    await self._note()
                except Away:
                    await asyncio.sleep(REST_AFTER_FAILURE_S)

    async def _note(self) -> None:
        some = list(self._waiting.values())[:AT_ONCE]
        try:
            await self._store.note(some)
            outcome = "noted"
        except Away:
            raise
        except Exception as error:  # what cannot be noted must not keep the others waiting
            log.error("opportunities could not be noted", extra={"error": type(error).__name__})
            outcome = "failed"
        for one in some:
            self._waiting.pop(one.decision_id, None)
        self._metrics.opportunities.add(len(some), {"outcome": outcome})
