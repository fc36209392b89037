"""One learner for everybody, or one for each person."""

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")
EVERYBODY = -1


class Own(Generic[T]):
    """`make` gets a number to seed from: the person's, where each has their own. One a person at most."""

    def __init__(self, make: Callable[[int], T], personal: bool) -> None:
        self._make, self._personal = make, personal
        self._of: dict[int, T] = {}

    def of(self, person: int) -> T:
        key = person if self._personal else EVERYBODY
        if key not in self._of:
            self._of[key] = self._make(key + 2)
        return self._of[key]
