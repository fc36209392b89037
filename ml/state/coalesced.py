"""Many who ask, done together: who asks while a group is being answered is in the next one.

No timer: who asks alone is answered at once, and the more there are the larger the groups.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Coalesced(Generic[K, V]):
    """`together` begins after each of its group has asked, and answers them in their order. An exception that
    it answers is that one's alone; one that it raises is everybody's."""

    def __init__(
        self, together: Callable[[Sequence[K]], Awaitable[Sequence[V | Exception]]], at_once: int
    ) -> None:
        self._together, self._at_once = together, at_once
        self._waiting: list[tuple[K, asyncio.Future[V]]] = []
        self._working: asyncio.Task[None] | None = None

    async def of(self, one: K) -> V:
        answer: asyncio.Future[V] = asyncio.get_running_loop().create_future()
        self._waiting.append((one, answer))
        if self._working is None:
            self._working = asyncio.create_task(self._run())
        return await answer

    async def _run(self) -> None:
        try:
            while self._waiting:
                some = self._waiting[: self._at_once]
                del self._waiting[: self._at_once]
                await self._answer(some)
        finally:
            self._working = None

    async def _answer(self, some: Sequence[tuple[K, asyncio.Future[V]]]) -> None:
        """Whoever has left is not told."""
        found: Sequence[V | Exception]
        try:
            found = await self._together([one for one, _ in some])
        except Exception as error:
            found = [error] * len(some)
        for (_, answer), told in zip(some, found, strict=True):
            if answer.done():
                continue
            if isinstance(told, Exception):
                answer.set_exception(told)
            else:
                answer.set_result(told)
