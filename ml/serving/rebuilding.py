"""Makes damaged or missing states anew, one person after the other, behind the answers that noticed them."""

import asyncio
from uuid import UUID

from ml.serving.background import Background
from ml.serving.log import log
from ml.serving.metrics import Metrics
from ml.state import Away, Learning, Store

MOST_WAITING = 1_000
REST_AFTER_FAILURE_S = 1.0


class Rebuilding(Background):
    """A person waits once, however often they are read; beyond the bound the next read asks again."""

    def __init__(self, store: Store, learning: Learning, metrics: Metrics) -> None:
        self._store, self._learning, self._metrics = store, learning, metrics
        self._waiting: dict[UUID, None] = {}
        self._wanted = asyncio.Event()

    def want(self, person: UUID) -> None:
        if len(self._waiting) < MOST_WAITING:
            self._waiting[person] = None
            self._wanted.set()

    def is_wanted(self, person: UUID) -> bool:
        return person in self._waiting

    async def _run(self) -> None:
        while True:
            await self._wanted.wait()
            while self._waiting:
                await self.rebuild(next(iter(self._waiting)))
            self._wanted.clear()

    async def rebuild(self, person: UUID) -> None:
        """At once; what fails is counted, and wanted again by the next who notices."""
        try:
            made = await self._store.refold(person, self._learning)
            outcome = "rebuilt" if made else "erased"
            for fault in made.faults if made else []:
                self._metrics.state_faults.add(1, {"policy": "all", "outcome": fault})
        except Away:
            await asyncio.sleep(REST_AFTER_FAILURE_S)
            outcome = "away"
        except Exception as error:  # whatever one person's rows hold, the next person's are rebuilt
            log.error("a learned state could not be rebuilt", extra={"error": type(error).__name__})
            outcome = "failed"
        self._waiting.pop(person, None)
        self._metrics.rebuilds.add(1, {"outcome": outcome})
