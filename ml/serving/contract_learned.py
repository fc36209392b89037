"""The contract of ml over HTTP: what is learned of a person, told, asked, and taken away again."""

from typing import Annotated, NotRequired
from uuid import UUID

from pydantic import AwareDatetime, Field, with_config
from typing_extensions import TypedDict

from ml.reward import Part
from ml.serving.contract import MAX_CANDIDATES, STRICT, CandidateId, FeatureBlock, Id

MAX_EVENTS = 256
MAX_MOMENTS = 10_000


@with_config(STRICT)
class RewardEvent(TypedDict):
    eventId: Id
    decisionId: Id
    personId: UUID
    reward: Annotated[
        float | None, Field(ge=-10, le=10, description="null undoes the event named in `replaces`")
    ]
    part: Part
    replaces: NotRequired[Id | None]
    features: Annotated[FeatureBlock, Field(description="as /score answered them")]
    chosen: Annotated[CandidateId | None, Field(description="as /score answered it")]
    probabilities: Annotated[list[float], Field(max_length=MAX_CANDIDATES)]
    at: NotRequired[
        Annotated[AwareDatetime | None, Field(description="when it was earned; default, and at most: now")]
    ]
    traceParent: NotRequired[
        Annotated[str, Field(max_length=55, description="W3C traceparent of what delivered it")]
    ]


@with_config(STRICT)
class RewardRequest(TypedDict):
    events: Annotated[list[RewardEvent], Field(max_length=MAX_EVENTS)]
    fromTheStart: NotRequired[
        Annotated[bool, Field(description="the whole log follows; what was asked for before is on its way")]
    ]
    toTheEnd: NotRequired[
        Annotated[
            bool, Field(description="the log ends here, nothing of it waits: what was on its way is here")
        ]
    ]


class RewardResult(TypedDict):
    applied: int
    duplicates: int
    late: Annotated[int, Field(description="earned before the terms that are kept; they teach nothing")]
    ignored: Annotated[int, Field(description="events of people who were erased")]
    startOver: Annotated[bool, Field(description="something was lost: tell every event of the log again")]


@with_config(STRICT)
class PersonRequest(TypedDict):
    personId: UUID


class ResetResult(TypedDict):
    reset: Annotated[int, Field(description="posteriors that went back to the prior")]


class EraseResult(TypedDict):
    erased: Annotated[int, Field(description="rows removed")]


class PolicyStats(TypedDict):
    policy: str
    version: str
    stateBytes: int
    usable: bool
    updatedAt: str


class FeatureStats(TypedDict):
    name: str
    mean: Annotated[float, Field(description="of its weight, as the posterior has it")]
    sd: float
    priorMean: float
    priorSd: float


class Belief(TypedDict):
    """What the incumbent's posterior says of this person now; the prior where nothing is learned."""

    priorVersion: str
    weight: Annotated[float, Field(description="rewards, each counted by how fresh it is")]
    features: list[FeatureStats]


class PriorStats(TypedDict):
    """What somebody new starts from. As shipped it is of 0 people, and was made at no time."""

    policy: str
    version: str
    people: int
    madeAt: NotRequired[str]


class StatsResult(TypedDict):
    policy: str
    shadows: list[str]
    eventsLearned: Annotated[int, Field(description="rewards among the kept terms that count now")]
    posteriors: list[PolicyStats]
    missing: Annotated[list[str], Field(description="policies whose posterior should be there and is not")]
    rebuilding: Annotated[bool, Field(description="damage was noticed; the states are being made anew")]
    wantsLog: Annotated[bool, Field(description="a term was lost that only the event log still has")]
    belief: NotRequired[Annotated[Belief, Field(description="where the incumbent has beliefs")]]
    prior: NotRequired[Annotated[PriorStats, Field(description="of the policy whose prior is fitted")]]


@with_config(STRICT)
class Moment(TypedDict):
    """A decision whose window is over, whatever came of it."""

    atRandom: Annotated[bool, Field(description="held back: chance decided it")]
    reward: Annotated[float, Field(ge=-1, le=1, description="0 where nothing was earned")]


@with_config(STRICT)
class InsightsRequest(TypedDict):
    personId: UUID
    moments: Annotated[
        list[Moment], Field(max_length=MAX_MOMENTS, description="in the order in which they closed")
    ]


class LearnedWeight(TypedDict):
    name: str
    isMore: Annotated[bool, Field(description="than was assumed of anyone; else less")]
    certainty: Annotated[float, Field(description="the posterior's probability that it is so")]


class Personalised(TypedDict):
    """What choosing earned more than chance, a moment; the bounds hold however often one looks."""

    moments: int
    atRandom: int
    difference: NotRequired[float]
    low: NotRequired[float]
    high: NotRequired[float]


class InsightsResult(TypedDict):
    rewards: Annotated[int, Field(description="learned from")]
    learned: Annotated[list[LearnedWeight], Field(description="the most certain first")]
    personalised: Personalised
