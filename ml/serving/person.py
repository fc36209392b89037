"""`/reset`, `/erase` and `/stats`: what a person's learned state is, and how it goes away."""

from uuid import UUID

from ml.serving.contract import EraseResult, PolicyStats, ResetResult, StatsResult
from ml.serving.memory import opened
from ml.serving.policies import Policies
from ml.state import Store
from ml.state.store import forget, lock_person


async def reset(person: UUID, store: Store) -> ResetResult:
    async with store.transaction() as connection:
        await lock_person(connection, person)
        return ResetResult(reset=await forget(connection, person))


async def erase(person: UUID, store: Store) -> EraseResult:
    return EraseResult(erased=await store.erase(person))


async def stats(person: UUID, policies: Policies, store: Store) -> StatsResult:
    rows, events = await store.stats(person, policies.names)
    return StatsResult(
        policy=policies.incumbent.name,
        shadows=[shadow.name for shadow in policies.shadows],
        eventsLearned=events,
        posteriors=[
            PolicyStats(
                policy=row.policy,
                version=row.version,
                stateBytes=len(row.data),
                usable=opened(policy, person, row)[1] == "known",
                updatedAt=row.updated_at.isoformat(),
            )
            for policy in policies.all
            if (row := rows.get(policy.name)) is not None
        ],
    )
