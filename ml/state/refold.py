"""Making a person's states anew from their last snapshot and their terms: bit for bit what learning each term
once and in order gives. Corrections, undos and late arrivals come this way, and all that was damaged.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from ml.policy import State
from ml.state import rows
from ml.state.absorb import Change, absorb
from ml.state.head import Head
from ml.state.learning import Layouts, Learning, layout_of
from ml.state.packing import NOTHING, checksum
from ml.state.rows import Connection
from ml.state.snapshots import Base, read_base, snapshots_of
from ml.state.term import Term, standing

MOURN_DAYS = 2.0
"""How long a lost term may still come from the log before what is old is frozen without it."""


@dataclass(frozen=True, slots=True)
class Refolded:
    change: Change
    faults: list[str] = field(default_factory=list)
    """terms_doubtful, snapshot_copied, snapshot_lost"""


async def refold(
    connection: Connection,
    person: UUID,
    learning: Learning,
    arrivals: Sequence[Term] = (),
    freeze_before_t: float = 0.0,
) -> Refolded:
    """The caller holds the person. With `freeze_before_t`, older terms go into the snapshots."""
    head = (await rows.read_heads(connection, [person])).get(person)
    known, layouts, damaged = await _read(connection, person, learning)
    base = await read_base(connection, person, learning, head.frozen_t if head else 0.0)
    found = Head.of(person, known, base.frozen_t, wants_log=False)
    expected = head.total if head else NOTHING
    lost = bool(damaged) or expected != found.total
    change = absorb(found, known, arrivals)
    wants_log = lost or (head is not None and head.wants_log)

    terms = sorted([*known, *change.new], key=lambda term: term.place)
    frozen = 0 if freeze_before_t == 0.0 else _freezable(terms, freeze_before_t, wants_log)
    old, kept = terms[:frozen], terms[frozen:]
    stand = standing(terms)
    if old:
        old_t = old[-1].t_days
        before = [term for term in stand if term.t_days <= old_t]
        base = Base(old_t, await _folded(learning, base.states, before, layouts), base.faults)
        await rows.drop_terms(connection, person, [term.event_id for term in old])
    if old or base.faults:
        await rows.write_snapshots(connection, person, snapshots_of(person, base, learning), bool(old))

    await rows.drop_terms(connection, person, damaged)
    await write(connection, learning, [(person, term) for term in change.new])
    now = Head.of(person, kept, base.frozen_t, wants_log)
    states = await _folded(learning, base.states, stand[len(stand) - now.standing :], layouts)
    await rows.write_posteriors(connection, packed(person, now, states, learning))
    await rows.write_heads(connection, {person: now})
    return Refolded(change, [*base.faults, *(["terms_doubtful"] if lost else [])])


def _freezable(terms: Sequence[Term], before_t: float, wants_log: bool) -> int:
    """How many of these, in order, may go. What replaces a younger one stays, or that would stand again."""
    young = {term.event_id for term in terms if term.t_days > before_t}
    old = [term for term in terms if term.t_days <= before_t]
    if wants_log and old and old[0].t_days > before_t - MOURN_DAYS:
        return 0
    while any(term.replaces in young for term in old):
        last = old.pop()
        young.add(last.event_id)
    while old and len(old) < len(terms) and old[-1].t_days == terms[len(old)].t_days:
        young.add(old.pop().event_id)
    return len(old)


async def write(connection: Connection, learning: Learning, terms: Sequence[tuple[UUID, Term]]) -> None:
    """Terms, with the names of their columns."""
    if any(term.layout == learning.layout for _, term in terms):
        await rows.write_layout(connection, learning.layout, learning.names)
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


async def _read(
    connection: Connection, person: UUID, learning: Learning
) -> tuple[list[Term], Layouts, list[str]]:
    """The sound terms, the columns they were written in, and the ids of those that are of no use."""
    terms, damaged = await rows.read_terms(connection, person)
    wanted = {term.layout for term in terms if term.layout and term.layout != learning.layout}
    layouts = await rows.read_layouts(connection, wanted) if wanted else {}
    layouts = {layout: names for layout, names in layouts.items() if layout_of(names) == layout}
    unreadable = {term.event_id for term in terms if term.layout in wanted - layouts.keys()}
    known = [term for term in terms if term.event_id not in unreadable]
    return known, layouts, [*damaged, *unreadable]


async def _folded(
    learning: Learning, start: Mapping[str, State], terms: Sequence[Term], layouts: Layouts
) -> dict[str, State]:
    return {
        policy.name: await learning.fold(policy, start[policy.name], terms, layouts)
        for policy in learning.policies
    }
