"""Every hour the judge looks at the decision log, in a process of its own that serving does not wait for."""

import asyncio
import sys
from contextlib import suppress

from ml.serving.log import log
from ml.serving.metrics import Metrics

FIRST_AFTER_S = 120.0
EVERY_S = 3_600.0
DEADLINE_S = 300.0
_COMMAND = (sys.executable, "-m", "ml.pipelines.judge", "--database", "--every-s", str(EVERY_S * 0.9))
_LONGEST_SAID = 300


class Judging:
    def __init__(self, database_url: str, metrics: Metrics) -> None:
        self._database_url, self._metrics = database_url, metrics
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

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
        pipe, nowhere = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
        # The address holds a password, so it is not among the words; no other setting of ours goes along.
        judge = await asyncio.create_subprocess_exec(
            *_COMMAND, stdin=pipe, stdout=nowhere, stderr=pipe, env={"OPENBLAS_NUM_THREADS": "1"}
        )
        try:
            async with asyncio.timeout(deadline_s):
                _, said = await judge.communicate(f"{self._database_url}\n".encode())
        except TimeoutError:
            log.error("the judge took too long and was stopped")
            return "late"
        finally:
            if judge.returncode is None:
                judge.kill()
                await judge.wait()
        if judge.returncode == 0:
            return "done"
        why = said.decode(errors="replace").strip().rpartition("\n")[2][:_LONGEST_SAID]
        log.error("the judge failed", extra={"error": why})
        return "failed"
