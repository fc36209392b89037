"""`/score`: attributes in, a drawn choice and everything that led to it out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from time import perf_counter
from typing import NamedTuple

import msgspec
import numpy as np

from ml.features import NAMES, Batch, Told, matrix
from ml.policy import Decision, Policy
from ml.policy.base import Floats
from ml.policy.draw import chance_for, draw, rng_for
from ml.policy.moment import COLUMNS
from ml.serving.contract import FeatureBlock, ScoreRequest, ScoreResult, zone
from ml.serving.holdback import Holdback
from ml.serving.interruption import interruption
from ml.serving.memory import Known, known_of, recall
from ml.serving.metrics import Metrics
from ml.serving.noting import Noting
from ml.serving.policies import Policies
from ml.serving.pushing import Weighed, weigh
from ml.serving.rebuilding import Rebuilding
from ml.serving.recent import Kept, Recent
from ml.serving.shadows import Scene, Watching
from ml.state import DAY_S, Coalesced, Opportunity, Recalled, Store

AT_ONCE = 16
"""Decisions between two looks at other work: some milliseconds."""
_NAMES = list(NAMES)
_PUSH_NAMES = [*NAMES, *COLUMNS]
_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Scoring:
    """What a decision needs that outlives it; without a database the last three are not there."""

    policies: Policies
    metrics: Metrics
    watching: Watching
    holdback: Holdback
    recent: Recent
    push_price: float
    store: Store | None = None
    rebuilding: Rebuilding | None = None
    noting: Noting | None = None


class _Asked(NamedTuple):
    request: ScoreRequest
    recalled: Recalled | None
    began: float


class Scores:
    """Whose rows came with the same read are decided in one go: numpy takes as long for the features of many
    as for those of one, and code that has just run runs faster. Who asks alone is a group of one. Each answer
    is written down (a ScoreResult) before the next is made: its thousand numbers are still at hand then."""

    def __init__(self, scoring: Scoring) -> None:
        self._scoring = scoring
        self._together = Coalesced(self._decide, AT_ONCE)

    async def score(self, request: ScoreRequest) -> msgspec.Raw:
        began, store, policies = perf_counter(), self._scoring.store, self._scoring.policies
        recalled = await recall(store, policies, request["personId"], request["trigger"])
        return await self._together.of(_Asked(request, recalled, began))

    async def _decide(self, some: Sequence[_Asked]) -> Sequence[msgspec.Raw | Exception]:
        """Whoever of them is to blame fails alone."""
        try:
            cards = self._scoring.policies.received.cards
            blocks = _features([asked.request for asked in some], cards)
        except Exception as error:
            if len(some) == 1:
                return [error]
            return [told for asked in some for told in await self._decide([asked])]
        return [self._decided(asked, x) for asked, x in zip(some, blocks, strict=True)]

    def _decided(self, asked: _Asked, x: Floats) -> msgspec.Raw | Exception:
        request, scoring = asked.request, self._scoring
        policies, metrics, person = scoring.policies, scoring.metrics, request["personId"]
        wanted, learning = policies.read_for(request["trigger"]), policies.learning
        try:
            known = known_of(person, asked.recalled, wanted, learning, scoring.rebuilding, metrics)
            return msgspec.Raw(_encode(_result(request, scoring, known, x, asked.began)))
        except Exception as error:
            return error


def _result(request: ScoreRequest, scoring: Scoring, known: Known, x: Floats, began: float) -> ScoreResult:
    policies, person, decision = scoring.policies, request["personId"], request["decisionId"]
    ids = [candidate["id"] for candidate in request["candidates"]]
    t_days = request["now"].timestamp() / DAY_S
    turn = _decided(request, scoring, known, x, t_days)
    policy, made, push = turn.policy, turn.made, None
    if request["trigger"] == "push" and turn.expected is not None:
        moments = known.states.get(policies.moments.name)
        push = weigh(request, policies.moments, moments, turn.expected, t_days)
    seen = known.opportunities.at(decision)
    silence, send_probability = interruption(request, turn.best, push, seen, scoring.push_price)
    block = _block(x, made.contributions, push)
    scene = Scene(decision, ids, x, known.states, t_days)
    result: ScoreResult = {
        "policy": policy.name,
        "version": policy.version,
        "chosen": None if silence else ids[draw(made.probabilities, chance_for(decision, "draw"))],
        "probabilities": made.probabilities.tolist(),
        "scores": block.contributions.sum(axis=1).tolist(),
        "contributions": block.contributions.tolist(),
        "features": FeatureBlock(ids=ids, names=block.names, values=block.x.tolist()),
        "shadows": scoring.watching.look(turn.watching, scene),
        "latencyMs": 0.0,
    }
    if silence:
        result["silence"] = silence
    if send_probability is not None:
        result["sendProbability"] = send_probability
        if turn.is_own and push is not None and silence != "budget_spent" and scoring.noting:
            scoring.noting.want(Opportunity(person, decision, push.choice))
    if not made.usable:
        result["fallback"] = "population"
    if turn.is_held_back:
        result["holdback"] = True
    kept = (policy.name, policy.version, result["chosen"], ids, *block)
    scoring.recent.keep(decision, Kept(person, *kept))
    elapsed_s = perf_counter() - began
    result["latencyMs"] = round(elapsed_s * 1000, 3)
    scoring.metrics.decided(policy.name, silence or "chosen", elapsed_s)
    return result


def _features(requests: Sequence[ScoreRequest], cards: Mapping[str, float]) -> list[Floats]:
    """Of each. Read-only: no policy changes what another one sees, or what is logged."""
    x = matrix(Batch.of_all([_told(request, cards) for request in requests]))
    x.flags.writeable = False
    ends = list(accumulate(len(request["candidates"]) for request in requests))
    return [x[start:end] for start, end in zip([0, *ends], ends, strict=False)]


def _told(request: ScoreRequest, cards: Mapping[str, float]) -> Told:
    at, where = request["now"], zone(request["timeZone"])
    return Told(request["candidates"], at, where, request.get("dosage"), request.get("context"), cards)


class _Block(NamedTuple):
    """What was scored, as it is told and logged: of a push also what its moment adds, the same to each."""

    names: list[str]
    x: Floats
    contributions: Floats


def _block(x: Floats, contributions: Floats, push: Weighed | None) -> _Block:
    if push is None:
        return _Block(_NAMES, x, contributions)
    return _Block(_PUSH_NAMES, np.hstack([x, push.x]), push.explained(contributions))


class _Turn(NamedTuple):
    policy: Policy
    made: Decision
    watching: Sequence[Policy]
    expected: Floats | None
    """Of each candidate, by whose turn it is; None where nothing is expected."""
    is_own: bool
    """It is of this person, and not the population's."""
    is_held_back: bool

    @property
    def best(self) -> float | None:
        """On the page, held back, it shows something whatever is expected: silence is a choice, too."""
        return None if self.expected is None or self.is_held_back else float(self.expected.max())


def _decided(request: ScoreRequest, scoring: Scoring, known: Known, x: Floats, t_days: float) -> _Turn:
    """In a moment that is held back the one who would have decided watches, and timing is still theirs."""
    policies, decision = scoring.policies, request["decisionId"]
    policy, watching = policies.who_decides(request.get("policy"))

    def made_by(who: Policy) -> Decision:
        rng = rng_for(decision, f"policy:{who.name}")
        return policies.decide(who, known.states.get(who.name), x, rng, t_days)

    made, control = made_by(policy), policies.control
    expects = len(x) > 0 and policies.expects(policy)
    expected = made.contributions.sum(axis=1) if expects else None
    if policy is control or len(x) == 0 or not scoring.holdback.holds(decision):
        return _Turn(policy, made, watching, expected, made.usable, is_held_back=False)
    others = (policy, *(one for one in watching if one is not control))
    return _Turn(control, made_by(control), others, expected, made.usable, is_held_back=True)
