"""A pipeline as a process of its own, which serving does not wait for."""

import asyncio
import sys
from collections.abc import Sequence

_LONGEST_SAID = 300


async def run_child(words: Sequence[str], database_url: str, deadline_s: float) -> tuple[str, str]:
    """`done` and what it printed last; or `failed` or `late` and a sentence."""
    pipe = asyncio.subprocess.PIPE
    # The address holds a password, so it is not among the words; no other setting of ours goes along.
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", *words),
        stdin=pipe,
        stdout=pipe,
        stderr=pipe,
        env={"OPENBLAS_NUM_THREADS": "1"},
    )
    try:
        async with asyncio.timeout(deadline_s):
            printed, complained = await child.communicate(f"{database_url}\n".encode())
    except TimeoutError:
        return "late", "It took too long and was stopped."
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode == 0:
        return "done", _last_line(printed)
    return "failed", _last_line(complained) or f"It was ended by signal {-(child.returncode or 0)}."


def _last_line(said: bytes) -> str:
    return said.decode(errors="replace").strip().rpartition("\n")[2][:_LONGEST_SAID]
