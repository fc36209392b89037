"""`/health`: each part exercised, not asked. Without its database ml still decides, so that is `degraded`."""

import numpy as np

from ml.features import WIDTH
from ml.policy.draw import chance_for, draw, rng_for
from ml.serving.contract import HealthPart, HealthResult
from ml.serving.policies import Policies
from ml.state import Away, Store


async def health(
    policies: Policies,
    store: Store | None,
    consumer: bool | None = None,
    prior: HealthPart | None = None,
) -> HealthResult:
    """`consumer`: whether the event stream is there; None where rewards come by HTTP alone."""
    policy, database = _policy(policies), await _database(store)
    result = HealthResult(
        status="down" if policy["status"] == "down" else database["status"],
        parts={"policy": policy, "database": database},
    )
    if prior:
        result["parts"]["prior"] = prior
    if consumer is not None:
        result["parts"]["stream"] = _stream(consumer)
    if result["status"] == "ok" and any(part["status"] != "ok" for part in result["parts"].values()):
        result["status"] = "degraded"
    return result


def _stream(connected: bool) -> HealthPart:
    if connected:
        return HealthPart(status="ok", detail="Rewards come from the event stream.")
    return HealthPart(
        status="degraded",
        detail="The event stream (OO_ML_NATS_URL) is away: rewards wait until it is back.",
    )


def _policy(policies: Policies) -> HealthPart:
    """Decides between two candidates for nobody."""
    incumbent = policies.incumbent
    try:
        p = incumbent.choose(incumbent.fresh(), np.eye(2, WIDTH), rng_for("health", "policy"))
        draw(p, chance_for("health", "draw"))
        if abs(float(p.sum()) - 1) > 1e-9:
            raise ValueError("probabilities do not sum to 1")
    except Exception as error:
        return HealthPart(status="down", detail=f"Policy {incumbent.name} fails: {type(error).__name__}.")
    return HealthPart(status="ok", detail=f"{incumbent.name} {incumbent.version} decides.")


async def _database(store: Store | None) -> HealthPart:
    if store is None:
        return HealthPart(
            status="degraded", detail="OO_ML_DATABASE_URL is not set: ml decides, but learns nothing."
        )
    try:
        await store.alive()
    except Away as away:
        return HealthPart(status="degraded", detail=f"{away} ml decides from the population's state.")
    return HealthPart(status="ok", detail="Reads and writes schema ml.")
