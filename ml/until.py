"""How a test waits for what nobody tells it: it looks again and again, for so long and no longer."""

from collections.abc import Callable
from time import monotonic, sleep
from typing import TypeVar

LOOK_EVERY_S = 0.02
Found = TypeVar("Found")


def wait_until(look: Callable[[], Found], what: str, within_s: float) -> Found:
    """What was found, once it is something."""
    ends = monotonic() + within_s
    while not (found := look()):
        if monotonic() > ends:
            raise TimeoutError(f"{what}: not within {within_s} s")
        sleep(LOOK_EVERY_S)
    return found
