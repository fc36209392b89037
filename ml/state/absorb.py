"""What arriving terms change, decided without a database and without mathematics."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ml.state.head import Head
from ml.state.term import Term, standing


@dataclass(slots=True)
class Change:
    """`tail`: the newcomers that stand, in order; `refold`: the fold changes not only at its end."""

    new: list[Term] = field(default_factory=list)
    tail: list[Term] = field(default_factory=list)
    applied: int = 0
    duplicates: int = 0
    late: int = 0
    refold: bool = False


def absorb(head: Head, known: Iterable[Term], arrivals: Sequence[Term]) -> Change:
    """A term counts once, by its id. `known` holds at least whoever has an id that arrives, is replaced by an
    arrival, or replaces one."""
    change, old = Change(), list(known)
    heard = {term.event_id for term in old}
    for term in sorted(arrivals, key=lambda one: one.place):
        if term.event_id in heard:
            change.duplicates += 1
        elif term.t_days <= head.frozen_t:
            change.late += 1
        else:
            heard.add(term.event_id)
            change.new.append(term)
    change.applied = len(change.new)
    newcomers = {term.event_id for term in change.new}
    stand = standing([*old, *change.new])
    change.tail = [term for term in stand if term.event_id in newcomers]
    stood = {term.event_id for term in standing(old)}
    change.refold = not stood <= {term.event_id for term in stand}
    change.refold |= bool(change.tail) and change.tail[0].place <= head.last
    return change
