"""Work that goes on beside the answers, from start to stop: a task that whoever serves owns."""

import asyncio
from abc import ABC, abstractmethod
from contextlib import suppress


class Background(ABC):
    _task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    @abstractmethod
    async def _run(self) -> None: ...
