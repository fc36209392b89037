"""`/reset`, `/erase`, `/stats` and `/features`: what a person's learned state is, and how it goes away."""

from time import time
from uuid import UUID

from ml.features import NAMES
from ml.policy import Believes, State
from ml.serving.contract import FeatureBlock, FeaturesResult
from ml.serving.contract_learned import (
    Belief,
    EraseResult,
    FeatureStats,
    PolicyStats,
    ResetResult,
    StatsResult,
)
from ml.serving.policies import Policies
from ml.serving.pooling import Pooling
from ml.serving.problems import Refusal
from ml.serving.rebuilding import Rebuilding
from ml.serving.recent import Recent
from ml.state import DAY_S, Store, opened


async def reset(person: UUID, policies: Policies, store: Store) -> ResetResult:
    return ResetResult(reset=await store.reset(person, policies.learning))


async def erase(person: UUID, store: Store) -> EraseResult:
    return EraseResult(erased=await store.erase(person))


async def stats(
    person: UUID,
    policies: Policies,
    store: Store,
    rebuilding: Rebuilding | None = None,
    pooling: Pooling | None = None,
) -> StatsResult:
    recalled, head = await store.stats(person, policies.names)
    posteriors: list[PolicyStats] = []
    missing: list[str] = []
    held = policies.incumbent.fresh()
    for policy in policies.learning.policies:
        row = recalled.rows.get(policy.name)
        if row is None:
            missing += [policy.name] if recalled.taught else []
            continue
        state, found = opened(policy, person, row, recalled.made_of, policies.learning.version(policy))
        held = state if policy is policies.incumbent else held
        posteriors.append(
            PolicyStats(
                policy=row.policy,
                version=row.version,
                stateBytes=len(row.data),
                usable=found == "known",
                updatedAt=row.updated_at.isoformat(),
            )
        )
    result = StatsResult(
        policy=policies.incumbent.name,
        shadows=[shadow.name for shadow in policies.shadows],
        eventsLearned=head.standing,
        posteriors=posteriors,
        missing=missing,
        rebuilding=rebuilding is not None and rebuilding.is_wanted(person),
        wantsLog=head.wants_log,
    )
    belief = _belief(policies, held)
    if belief:
        result["belief"] = belief
    prior = pooling.stats() if pooling else None
    if prior:
        result["prior"] = prior
    return result


def _belief(policies: Policies, state: State) -> Belief | None:
    if not isinstance(policies.incumbent, Believes):
        return None
    said = policies.incumbent.belief(state, time() / DAY_S)
    columns = (column.tolist() for column in said[:4])
    return Belief(
        priorVersion=said.prior_version,
        weight=said.weight,
        features=[
            FeatureStats(name=name, mean=mean, sd=sd, priorMean=prior_mean, priorSd=prior_sd)
            for name, mean, sd, prior_mean, prior_sd in zip(NAMES, *columns, strict=True)
        ],
    )


async def features(decision_id: str, recent: Recent, store: Store | None) -> FeaturesResult:
    kept = recent.of(decision_id)
    if kept and store and await store.is_erased(kept.person):
        recent.forget(kept.person)
        kept = None
    if kept is None:
        raise Refusal(
            404, "This process has not made that decision lately; look it up in the decision log instead."
        )
    return FeaturesResult(
        decisionId=decision_id,
        policy=kept.policy,
        version=kept.version,
        chosen=kept.chosen,
        features=FeatureBlock(ids=kept.ids, names=kept.names, values=kept.x.tolist()),
        contributions=kept.contributions.tolist(),
    )
