"""`/reset`, `/erase` and `/stats`: what a person's learned state is, and how it goes away."""

from uuid import UUID

from ml.serving.contract import EraseResult, PolicyStats, ResetResult, StatsResult
from ml.serving.policies import Policies
from ml.serving.rebuilding import Rebuilding
from ml.state import Store, opened


async def reset(person: UUID, policies: Policies, store: Store) -> ResetResult:
    return ResetResult(reset=await store.reset(person, policies.learning))


async def erase(person: UUID, store: Store) -> EraseResult:
    return EraseResult(erased=await store.erase(person))


async def stats(
    person: UUID, policies: Policies, store: Store, rebuilding: Rebuilding | None = None
) -> StatsResult:
    recalled, head = await store.stats(person, policies.names)
    posteriors: list[PolicyStats] = []
    missing: list[str] = []
    for policy in policies.all:
        row = recalled.rows.get(policy.name)
        if row is None:
            missing += [policy.name] if recalled.taught else []
            continue
        version = policies.learning.version(policy)
        posteriors.append(
            PolicyStats(
                policy=row.policy,
                version=row.version,
                stateBytes=len(row.data),
                usable=opened(policy, person, row, recalled.made_of, version)[1] == "known",
                updatedAt=row.updated_at.isoformat(),
            )
        )
    return StatsResult(
        policy=policies.incumbent.name,
        shadows=[shadow.name for shadow in policies.shadows],
        eventsLearned=head.standing,
        posteriors=posteriors,
        missing=missing,
        rebuilding=rebuilding is not None and rebuilding.is_wanted(person),
        wantsLog=head.wants_log,
    )
