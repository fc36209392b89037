"""Many who ask share a read, and none is answered by one that began before they asked."""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any

import pytest

from ml.state.coalesced import Coalesced


class Shelf:
    """Answers what lay there when the read began; the read ends when it is let."""

    def __init__(self) -> None:
        self.lies, self.reads, self.let = 0, list[list[str]](), asyncio.Semaphore(0)

    async def read(self, names: Sequence[str]) -> Sequence[str | Exception]:
        self.reads.append(list(names))
        seen = [KeyError(name) if name == "torn" else f"{name}{self.lies}" for name in names]
        await self.let.acquire()
        if "broken" in names:
            raise OSError("away")
        return seen


async def begun(*asking: Coroutine[Any, Any, str]) -> list[asyncio.Task[str]]:
    tasks = [asyncio.create_task(one) for one in asking]
    for _ in range(3):
        await asyncio.sleep(0)
    return tasks


def test_who_asks_while_a_read_runs_is_in_the_next_one() -> None:
    async def run() -> None:
        shelf = Shelf()
        reading = Coalesced(shelf.read, at_once=2)
        first = await begun(reading.of("a"))
        shelf.lies = 1
        rest = await begun(reading.of("a"), reading.of("b"), reading.of("c"))
        for _ in range(3):
            shelf.let.release()
        assert await asyncio.gather(*first, *rest) == ["a0", "a1", "b1", "c1"]
        assert shelf.reads == [["a"], ["a", "b"], ["c"]]

    asyncio.run(run())


def test_a_read_that_fails_has_failed_for_those_in_it_alone() -> None:
    async def run() -> None:
        shelf = Shelf()
        reading = Coalesced(shelf.read, at_once=8)
        first = await begun(reading.of("a"), reading.of("broken"))
        rest = await begun(reading.of("b"))
        shelf.let.release()
        shelf.let.release()
        for task in first:
            with pytest.raises(OSError, match="away"):
                await task
        assert await asyncio.gather(*rest) == ["b0"]

    asyncio.run(run())


def test_what_fails_one_fails_nobody_else() -> None:
    async def run() -> None:
        shelf = Shelf()
        shelf.let.release()
        reading = Coalesced(shelf.read, at_once=8)
        torn, whole = await begun(reading.of("torn"), reading.of("a"))
        assert await whole == "a0"
        with pytest.raises(KeyError):
            await torn

    asyncio.run(run())


def test_who_leaves_takes_nobody_along() -> None:
    async def run() -> None:
        shelf = Shelf()
        reading = Coalesced(shelf.read, at_once=8)
        leaves, stays = await begun(reading.of("a"), reading.of("a"))
        leaves.cancel()
        shelf.let.release()
        assert await asyncio.wait_for(stays, 5) == "a0"

    asyncio.run(run())
