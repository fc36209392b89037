"""`/insights`: what was learned of a person that is not assumed of anyone; whether choosing beats chance."""

import asyncio
from math import erf, sqrt

import numpy as np

from ml.evaluate import compare_people
from ml.evaluate.compare_people import effect_guesses
from ml.serving.contract_learned import InsightsRequest, InsightsResult, LearnedWeight, Personalised
from ml.serving.person import stats
from ml.serving.policies import Policies
from ml.serving.rebuilding import Rebuilding
from ml.state import Store

# Where the posterior says less than this, nothing is claimed.
CERTAIN = 0.9
LEVEL = 0.95


async def insights(
    request: InsightsRequest,
    policies: Policies,
    store: Store,
    holdback: float,
    rebuilding: Rebuilding | None = None,
) -> InsightsResult:
    told = await stats(request["personId"], policies, store, rebuilding)
    weights = told["belief"]["features"] if "belief" in told else []
    learned = [
        weight for one in weights if (weight := moved(one["name"], one["mean"], one["sd"], one["priorMean"]))
    ]
    return InsightsResult(
        rewards=told["eventsLearned"],
        learned=sorted(learned, key=lambda weight: -weight["certainty"]),
        # Of a long month a tenth of a second, in which no tip shall wait.
        personalised=await asyncio.to_thread(personalised, request, holdback),
    )


def moved(name: str, mean: float, sd: float, assumed: float) -> LearnedWeight | None:
    """How probable it is that the weight is above (or below) what was assumed; None while that is open."""
    above = 0.5 * (1 + erf((mean - assumed) / (sd * sqrt(2)))) if sd > 0 else 0.5
    certainty = max(above, 1 - above)
    if certainty < CERTAIN:
        return None
    return LearnedWeight(name=name, isMore=above > 0.5, certainty=certainty)


def personalised(request: InsightsRequest, holdback: float) -> Personalised:
    """Every moment counts, also one in which nothing was shown: being silent is a choice as well."""
    chance = np.array([moment["atRandom"] for moment in request["moments"]], dtype=np.bool_)
    value = np.array([moment["reward"] for moment in request["moments"]], dtype=np.float64)
    told = Personalised(moments=len(value), atRandom=int(chance.sum()))
    if 0 < holdback < 1 and 0 < chance.sum() < len(value):
        share = 1 - holdback
        bounds = compare_people(~chance, value, share, method="bernstein", level=LEVEL)
        low, high = bounds.now
        # The guess is right on average, but not bound to what is possible.
        difference = float(np.clip(effect_guesses(~chance, value, share, 0.0).mean(), low, high))
        told |= Personalised(
            moments=told["moments"], atRandom=told["atRandom"], difference=difference, low=low, high=high
        )
    return told
