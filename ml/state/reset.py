"""Back to the prior. Event ids stay, emptied, so that none of them is learned a second time."""

from dataclasses import replace
from uuid import UUID

from ml.state import rows
from ml.state.head import Head
from ml.state.learning import Learning
from ml.state.opportunities import forget
from ml.state.refold import packed
from ml.state.rows import Connection
from ml.state.snapshots import Base, snapshots_of


async def reset(connection: Connection, person: UUID, learning: Learning) -> int:
    """The caller holds the person. Answers how many posteriors went back."""
    head = (await rows.read_heads(connection, [person])).get(person, Head())
    terms, damaged = await rows.read_terms(connection, [person])
    # The population's prior may be made of what goes; the person stays among those who agreed.
    await connection.execute("SELECT ml.leave_pooling($1, true)", person)
    gone = await rows.drop_states(connection, person)
    await forget(connection, person)
    if head == Head() and not terms[person]:
        return gone
    emptied = [replace(term, x=None, layout=None) for term in terms[person]]
    await rows.drop_terms(connection, [(person, event_id) for event_id in damaged[person]])
    await rows.write_terms(connection, [(person, term) for term in emptied])
    now = Head.of(person, emptied, head.frozen_t, wants_log=False)
    if now.taught:
        fresh = {policy.name: policy.fresh() for policy in learning.policies}
        snapshots = snapshots_of(person, Base(now.frozen_t, fresh), learning)
        await rows.write_snapshots(connection, [(person, snapshot) for snapshot in snapshots])
        await rows.write_posteriors(connection, packed(person, now, fresh, learning))
    await rows.write_heads(connection, {person: now})
    return gone
