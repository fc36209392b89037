"""`/score`: attributes in, a drawn choice and everything that led to it out."""

from collections.abc import Mapping, Sequence
from time import perf_counter

from ml.features import NAMES, Batch, matrix
from ml.policy import Explains, Policy, State
from ml.policy.base import Floats
from ml.policy.draw import chance_for, draw, rng_for
from ml.serving.contract import FeatureBlock, ScoreRequest, ScoreResult, Shadow, SilenceReason, zone
from ml.serving.memory import recall
from ml.serving.metrics import Metrics
from ml.serving.policies import Policies
from ml.serving.rebuilding import Rebuilding
from ml.state import Store

DAY_S = 86_400.0
_NAMES = list(NAMES)


async def score(
    request: ScoreRequest,
    policies: Policies,
    store: Store | None,
    metrics: Metrics,
    rebuilding: Rebuilding | None = None,
) -> ScoreResult:
    began = perf_counter()
    ids = [candidate["id"] for candidate in request["candidates"]]
    batch = Batch.of(
        request["candidates"],
        request["now"],
        zone(request["timeZone"]),
        request.get("dosage"),
        request.get("context"),
    )
    x = matrix(batch)
    states = await recall(store, rebuilding, policies, metrics, request["personId"])
    t_days = request["now"].timestamp() / DAY_S

    policy, watching = policies.who_decides(request.get("policy"))
    decision = request["decisionId"]
    probabilities = _probabilities(policy, states, x, decision, t_days)
    contributions = _contributions(policy, states[policy.name], x, t_days)
    silence = _silence(request)
    result: ScoreResult = {
        "policy": policy.name,
        "version": policy.version,
        "chosen": None if silence else ids[draw(probabilities, chance_for(decision, "draw"))],
        "probabilities": probabilities.tolist(),
        "scores": contributions.sum(axis=1).tolist(),
        "contributions": contributions.tolist(),
        "features": FeatureBlock(ids=ids, names=_NAMES, values=x.tolist()),
        "shadows": _shadows(watching, states, x, ids, decision, t_days, metrics),
        "latencyMs": 0.0,
    }
    if silence:
        result["silence"] = silence
    if request["trigger"] == "push":
        result["sendProbability"] = 0.0 if silence else 1.0
    elapsed_s = perf_counter() - began
    result["latencyMs"] = round(elapsed_s * 1000, 3)
    metrics.score_seconds.record(elapsed_s)
    metrics.decisions.add(1, {"policy": policy.name, "outcome": silence or "chosen"})
    return result


def _silence(request: ScoreRequest) -> SilenceReason | None:
    if not request["candidates"]:
        return "nothing_eligible"
    timing = request.get("timing")
    if request["trigger"] == "push" and timing and timing["sendsLeft"] == 0:
        return "budget_spent"
    return None


def _probabilities(
    policy: Policy, states: Mapping[str, State], x: Floats, decision: str, t_days: float
) -> Floats:
    return policy.choose(states[policy.name], x, rng_for(decision, f"policy:{policy.name}"), t_days)


def _contributions(policy: Policy, state: State, x: Floats, t_days: float) -> Floats:
    """What each feature added to each score; zeros for a policy that has no scores."""
    return policy.contributions(state, x, t_days) if isinstance(policy, Explains) else x * 0.0


def _shadows(
    watching: Sequence[Policy],
    states: Mapping[str, State],
    x: Floats,
    ids: list[str],
    decision: str,
    t_days: float,
    metrics: Metrics,
) -> list[Shadow]:
    """What the others would have done. One that fails is counted and left out; the answer stands."""
    if not ids:
        return []
    seen: list[Shadow] = []
    for shadow in watching:
        began = perf_counter()
        try:
            p = _probabilities(shadow, states, x, decision, t_days)
            pick = ids[draw(p, chance_for(decision, f"draw:{shadow.name}"))]
            seen.append(
                Shadow(
                    policy=shadow.name,
                    version=shadow.version,
                    probabilities=p.tolist(),
                    chosen=pick,
                    latencyMs=round((perf_counter() - began) * 1000, 3),
                )
            )
        except Exception:  # a shadow is foreign code under trial: whatever it does, the tip comes
            metrics.shadow_failures.add(1, {"policy": shadow.name})
    return seen
