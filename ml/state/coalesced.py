"""Many who ask, one read at a time: who asks while it runs is in the next one. No timer, so nobody waits."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Coalesced(Generic[K, V]):
    """Each is answered by a read that began after they asked. A read that fails has failed for all in it."""

    def __init__(self, read: Callable[[Sequence[K]], Awaitable[Mapping[K, V]]], at_once: int) -> None:
        self._read, self._at_once = read, at_once
        self._waiting: list[tuple[K, asyncio.Future[V]]] = []
        self._reading: asyncio.Task[None] | None = None

    async def of(self, key: K) -> V:
        answer: asyncio.Future[V] = asyncio.get_running_loop().create_future()
        self._waiting.append((key, answer))
        if self._reading is None:
            self._reading = asyncio.create_task(self._run())
        return await answer

    async def _run(self) -> None:
        try:
            while self._waiting:
                some = self._waiting[: self._at_once]
                del self._waiting[: self._at_once]
                await self._answer(some)
        finally:
            self._reading = None

    async def _answer(self, some: Sequence[tuple[K, asyncio.Future[V]]]) -> None:
        """Whoever has left is not told."""
        try:
            found = await self._read(list({key for key, _ in some}))
        except Exception as error:
            for _, answer in some:
                if not answer.done():
                    answer.set_exception(error)
            return
        for key, answer in some:
            if not answer.done():
                answer.set_result(found[key])
