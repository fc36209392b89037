"""Which of several reactions to one tip counts."""

from collections.abc import Iterable

from ml.reward.table import FINAL, Reaction


def settle(reactions: Iterable[Reaction]) -> Reaction | None:
    """The first final reaction, else the last; in the order they were made. None where nothing was said."""
    last: Reaction | None = None
    for reaction in reactions:
        if reaction in FINAL:
            return reaction
        last = reaction
    return last
