"""Every hour the judge looks at the decision log, in a process of its own that serving does not wait for."""

import asyncio

from ml.serving.background import Background
from ml.serving.child import run_child
from ml.serving.log import log
from ml.serving.metrics import Metrics

FIRST_AFTER_S = 120.0
EVERY_S = 3_600.0
DEADLINE_S = 300.0
_COMMAND = ("ml.pipelines.judge", "--database", "--every-s", str(EVERY_S * 0.9))


class Judging(Background):
    def __init__(self, database_url: str, metrics: Metrics) -> None:
        self._database_url, self._metrics = database_url, metrics

    async def _run(self) -> None:
        await asyncio.sleep(FIRST_AFTER_S)
        while True:
            try:
                outcome = await self.round()
            except Exception as error:  # the next round tries again
                log.error("the judge could not be started", extra={"error": type(error).__name__})
                outcome = "failed"
            self._metrics.judgements.add(1, {"outcome": outcome})
            await asyncio.sleep(EVERY_S)

    async def round(self, deadline_s: float = DEADLINE_S) -> str:
        """`done` also where another copy of ml judged a moment ago."""
        outcome, said = await run_child(_COMMAND, self._database_url, deadline_s)
        if outcome != "done":
            log.error("the judge came to nothing", extra={"error": said})
        return outcome
