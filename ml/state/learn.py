"""Learning from a batch of reward events, of any people, in the transaction that also records them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from ml.policy import State
from ml.state import rows
from ml.state.absorb import Change, absorb
from ml.state.head import Head
from ml.state.learning import Learning
from ml.state.recall import opened
from ml.state.refold import packed, refold, write
from ml.state.rows import Connection, Posterior
from ml.state.term import Term


@dataclass(slots=True)
class Learned:
    applied: int = 0
    duplicates: int = 0
    late: int = 0
    ignored: int = 0
    refolds: int = 0
    was_empty: bool = False
    """Nothing was known of anybody, which only a first event or a loss explains."""
    wants_log: bool = False
    faults: list[str] = field(default_factory=list)

    def add(self, change: Change) -> None:
        self.applied += change.applied
        self.duplicates += change.duplicates
        self.late += change.late


async def learn(
    connection: Connection,
    learning: Learning,
    arrivals: Mapping[UUID, Sequence[Term]],
    log_begins: bool = False,
) -> Learned:
    """What comes at the end of a person's fold is added to it; anything else folds them anew."""
    learned = Learned()
    alive = sorted(await rows.lock_people(connection, arrivals))
    learned.ignored = sum(len(some) for person, some in arrivals.items() if person not in alive)
    heads = await rows.read_heads(connection, alive)
    stored = await rows.read_posteriors(connection, alive, learning.policy_names)
    learned.was_empty = not heads and not await rows.any_head(connection)
    named = [(person, event_id) for person in alive for event_id in _named(arrivals[person])]
    known, doubtful = await rows.read_named(connection, named)

    grown: list[tuple[UUID, Head, dict[str, State]]] = []
    written: list[tuple[UUID, Term]] = []
    anew: dict[UUID, Sequence[Term]] = {}
    for person in alive:
        head = heads.get(person)
        states = _usable(person, head, stored[person], learning) if head else None
        change = absorb(head, known[person], arrivals[person]) if head else None
        if head is None or states is None or change is None or change.refold or person in doubtful:
            anew[person] = arrivals[person]
            continue
        learned.add(change)
        if change.new:
            written += [(person, term) for term in change.new]
            now = head.grown(person, change.new, change.tail)
            grown.append((person, now, await _with_tail(learning, states, change.tail)))
    for refolded in (await refold(connection, learning, anew)).values():
        learned.add(refolded.change)
        learned.faults += refolded.faults
    learned.refolds = len(anew)
    if grown:
        await write(connection, learning, written)
        posteriors = [row for person, head, states in grown for row in packed(person, head, states, learning)]
        await rows.write_posteriors(connection, posteriors)
        await rows.write_heads(connection, {person: head for person, head, _ in grown})
    if learned.was_empty and learned.applied and not log_begins:
        await _want_log(connection, alive)
    learned.wants_log = await rows.any_head(connection, wanting=True)
    return learned


async def _want_log(connection: Connection, people: Sequence[UUID]) -> None:
    """Kept, and not only answered: an answer may be lost on its way."""
    heads = await rows.read_heads(connection, people)
    await rows.write_heads(
        connection, {person: replace(head, wants_log=True) for person, head in heads.items()}
    )


def _named(arrivals: Sequence[Term]) -> set[str]:
    return {term.event_id for term in arrivals} | {term.replaces for term in arrivals if term.replaces}


def _usable(
    person: UUID, head: Head, stored: Mapping[str, Posterior], learning: Learning
) -> dict[str, State] | None:
    states: dict[str, State] = {}
    for policy in learning.policies:
        row = stored.get(policy.name)
        state, outcome = opened(policy, person, row, head.made_of, learning.version(policy))
        if outcome != "known" and (outcome != "new" or head.taught):
            return None
        states[policy.name] = state
    return states


async def _with_tail(
    learning: Learning, states: Mapping[str, State], tail: Sequence[Term]
) -> dict[str, State]:
    """A newcomer is in today's columns."""
    return {
        policy.name: await learning.fold(policy, states[policy.name], tail, {})
        for policy in learning.policies
    }
