"""Making people's states anew from their last snapshots and their terms: bit for bit what learning each term
once and in order gives. Corrections, undos and late arrivals come this way, and all that was damaged.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from ml.policy import State
from ml.state import rows
from ml.state.absorb import Change, absorb
from ml.state.head import Head
from ml.state.learning import Layouts, Learning, layout_of
from ml.state.packing import checksum
from ml.state.rows import Connection, Snapshot
from ml.state.snapshots import Base, base_of, snapshots_of
from ml.state.term import Term, standing

MOURN_DAYS = 2.0
"""How long a lost term may still come from the log before what is old is frozen without it."""
AT_ONCE = 32
"""People whose terms are in memory together; each step asks the database once for all of them."""


@dataclass(frozen=True, slots=True)
class Refolded:
    change: Change
    faults: list[str] = field(default_factory=list)
    """terms_doubtful, snapshot_copied, snapshot_lost"""


@dataclass(frozen=True, slots=True)
class Made:
    """What refolding one person leaves to be written."""

    refolded: Refolded
    head: Head
    states: Mapping[str, State]
    dropped: list[str]
    snapshots: list[Snapshot]
    froze: bool


async def refold(
    connection: Connection,
    learning: Learning,
    arrivals: Mapping[UUID, Sequence[Term]],
    freeze_before_t: float = 0.0,
) -> dict[UUID, Refolded]:
    """The caller holds these people. With `freeze_before_t`, older terms go into the snapshots."""
    people = sorted(arrivals)
    done: dict[UUID, Refolded] = {}
    for start in range(0, len(people), AT_ONCE):
        some = people[start : start + AT_ONCE]
        heads = await rows.read_heads(connection, some)
        terms, damaged = await rows.read_terms(connection, some)
        layouts = await _layouts(connection, learning, terms.values())
        stored = await rows.read_snapshots(connection, some)
        made: dict[UUID, Made] = {}
        for person in some:
            found = _Found(heads.get(person), terms[person], damaged[person], stored[person], layouts)
            made[person] = await _make(person, learning, found, arrivals[person], freeze_before_t)
        await _write(connection, learning, made)
        done |= {person: one.refolded for person, one in made.items()}
    return done


@dataclass(frozen=True, slots=True)
class _Found:
    head: Head | None
    terms: list[Term]
    damaged: list[str]
    snapshots: list[Snapshot]
    layouts: Layouts


async def _make(
    person: UUID, learning: Learning, found: _Found, arrivals: Sequence[Term], freeze_before_t: float
) -> Made:
    head, layouts = found.head, found.layouts
    known = [term for term in found.terms if term.layout in (None, learning.layout, *layouts)]
    unreadable = {term.event_id for term in found.terms} - {term.event_id for term in known}
    base = base_of(person, found.snapshots, learning, head.frozen_t if head else 0.0)
    actual = Head.of(person, known, base.frozen_t, wants_log=False)
    # Without its head nobody can say what else is gone of someone who was taught.
    amiss = actual.total != head.total if head else bool(found.terms) or base.frozen_t > 0.0
    lost = bool(found.damaged or unreadable) or amiss
    change = absorb(actual, known, arrivals)
    wants_log = lost or (head is not None and head.wants_log)

    terms = sorted([*known, *change.new], key=lambda term: term.place)
    frozen = 0 if freeze_before_t == 0.0 else _freezable(terms, freeze_before_t, wants_log)
    old, kept, stand = terms[:frozen], terms[frozen:], standing(terms)
    if old:
        before = [term for term in stand if term.t_days <= old[-1].t_days]
        states = await _folded(learning, base.states, before, layouts)
        base = Base(old[-1].t_days, states, base.faults)
    # What is found lost now may lie before where a telling of the log has got to.
    follows = head is not None and head.log_follows and not lost
    now = replace(Head.of(person, kept, base.frozen_t, wants_log), log_follows=follows)
    return Made(
        Refolded(change, [*base.faults, *(["terms_doubtful"] if lost else [])]),
        now,
        await _folded(learning, base.states, stand[len(stand) - now.standing :], layouts),
        [*found.damaged, *unreadable, *(term.event_id for term in old)],
        snapshots_of(person, base, learning) if old or base.faults else [],
        bool(old),
    )


async def _write(connection: Connection, learning: Learning, made: Mapping[UUID, Made]) -> None:
    """What is dropped goes first: an event that mends a damaged term has its id."""
    await rows.drop_terms(connection, [(p, event_id) for p, one in made.items() for event_id in one.dropped])
    await rows.drop_snapshots(connection, [person for person, one in made.items() if one.froze])
    await rows.write_snapshots(connection, [(p, s) for p, one in made.items() for s in one.snapshots])
    new = [(person, term) for person, one in made.items() for term in one.refolded.change.new]
    await write(connection, learning, new)
    posteriors = [row for p, one in made.items() for row in packed(p, one.head, one.states, learning)]
    await rows.write_posteriors(connection, posteriors)
    await rows.write_heads(connection, {person: one.head for person, one in made.items()})


def _freezable(terms: Sequence[Term], before_t: float, wants_log: bool) -> int:
    """How many of these, in order, may go. What replaces a younger one stays, or that would stand again."""
    young = {term.event_id for term in terms if term.t_days > before_t}
    old = [term for term in terms if term.t_days <= before_t]
    if wants_log and old and old[0].t_days > before_t - MOURN_DAYS:
        return 0
    while any(term.replaces in young for term in old):
        young.add(old.pop().event_id)
    while old and len(old) < len(terms) and old[-1].t_days == terms[len(old)].t_days:
        young.add(old.pop().event_id)
    return len(old)


async def write(connection: Connection, learning: Learning, terms: Sequence[tuple[UUID, Term]]) -> None:
    """Terms, with the names of their columns."""
    if any(term.layout == learning.layout for _, term in terms):
        await rows.write_layout(connection, learning.layout, learning.columns)
    await rows.write_terms(connection, terms)


def packed(
    person: UUID, head: Head, states: Mapping[str, State], learning: Learning
) -> list[tuple[UUID, str, str, bytes, bytes]]:
    packed_states = []
    for policy in learning.policies:
        data, version = states[policy.name].to_bytes(), learning.version(policy)
        check = checksum(person, policy.name, version, head.made_of, data)
        packed_states.append((person, policy.name, version, data, check))
    return packed_states


async def _layouts(connection: Connection, learning: Learning, terms: Iterable[list[Term]]) -> Layouts:
    """The columns of terms, other than today's; one that is not what its hash says is none."""
    wanted = {term.layout for some in terms for term in some if term.layout} - {learning.layout}
    found = await rows.read_layouts(connection, wanted) if wanted else {}
    return {layout: names for layout, names in found.items() if layout_of(names) == layout}


async def _folded(
    learning: Learning, start: Mapping[str, State], terms: Sequence[Term], layouts: Layouts
) -> dict[str, State]:
    return {
        policy.name: await learning.fold(policy, start[policy.name], terms, layouts)
        for policy in learning.policies
    }
