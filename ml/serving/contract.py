"""The contract of ml over HTTP: how a decision is asked for and answered. Learning: contract_learned.py.

These types are its only definition: they validate, and they make the OpenAPI document from which the
TypeScript side is generated. Unknown fields are refused; JSON types are not bent.
"""

from datetime import date
from functools import lru_cache
from typing import Annotated, Literal, NotRequired
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field, with_config
from typing_extensions import TypedDict

MAX_CANDIDATES = 64
STRICT = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)

Id = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._:-]+$")]
CandidateId = Annotated[str, Field(min_length=1, max_length=200)]
Name = Annotated[str, Field(min_length=1, max_length=64)]
Instant = Annotated[AwareDatetime, Field(description="RFC 3339, with its offset")]
Kind = Literal["todo", "advice", "ambient"]
Theme = Literal["plan", "focus", "break", "social", "reflect", "move", "rest", "tidy"]
SilenceReason = Literal["nothing_eligible", "nothing_worth_it", "budget_spent", "not_worth_an_interruption"]
Fallback = Annotated[
    Literal["population"],
    Field(description="what was learned of the person cannot be used: the population's mean decided"),
]


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _known_zone(name: str) -> str:
    try:
        zone(name)
    except (ValueError, OSError, LookupError):
        raise ValueError("is not a time zone oO knows; use an IANA name such as Europe/Berlin") from None
    return name


TimeZone = Annotated[str, Field(min_length=1, max_length=64), AfterValidator(_known_zone)]


@with_config(STRICT)
class Due(TypedDict):
    date: Annotated[date, Field(description="the day it is due, in the person's zone")]
    time: NotRequired[Annotated[AwareDatetime | None, Field(description="the instant, where it has an hour")]]


@with_config(STRICT)
class Attributes(TypedDict, total=False):
    """What a feature may read of a candidate; all optional, no text."""

    priority: Annotated[int | None, Field(ge=1, le=4, description="4 is most urgent")]
    due: Due | None
    createdAt: AwareDatetime | None
    effortMin: Annotated[float | None, Field(ge=0, le=100_000)]
    timesShown: Annotated[int, Field(ge=0, le=1_000_000_000)]
    lastShownAt: AwareDatetime | None
    recurring: bool
    theme: Theme | None
    kindRecent: Annotated[
        float, Field(ge=0, le=1_000_000, description="shows of its kind and theme, halved every day")
    ]
    generated: Annotated[bool, Field(description="a language model wrote it")]
    dismissedSimilarity: Annotated[
        float | None, Field(ge=0, le=1, description="to what the person dismissed lately; 1 is the same")
    ]


@with_config(STRICT)
class Candidate(TypedDict):
    id: CandidateId
    kind: Kind
    source: Annotated[Name, Field(description="who offered it; `calendar` is what the calendar did")]
    attributes: Attributes


@with_config(STRICT)
class Timing(TypedDict):
    sendsLeft: Annotated[int, Field(ge=0, le=10_000)]
    opportunitiesLeft: Annotated[int, Field(ge=0, le=10_000)]
    everyMin: NotRequired[
        Annotated[float | None, Field(ge=1, le=1440, description="minutes between them; 30 where not told")]
    ]


@with_config(STRICT)
class Context(TypedDict, total=False):
    """What is known of the moment, each only where the person agreed; no text."""

    busy: Annotated[bool | None, Field(description="the calendar has an appointment now")]
    freeMin: Annotated[float | None, Field(ge=0, le=100_000, description="minutes until the next one")]
    mood: Annotated[float | None, Field(ge=-1, le=1, description="as the person noted it; -1 is low")]
    sleep: Annotated[float | None, Field(ge=0, le=1, description="last night; 1 is as good as it gets")]


def _distinct(candidates: list[Candidate]) -> list[Candidate]:
    if len({candidate["id"] for candidate in candidates}) != len(candidates):
        raise ValueError("name one id twice; each candidate needs its own")
    return candidates


@with_config(STRICT)
class ScoreRequest(TypedDict):
    decisionId: Id
    personId: UUID
    now: Instant
    timeZone: TimeZone
    trigger: Literal["open", "push"]
    timing: NotRequired[Timing | None]
    candidates: Annotated[list[Candidate], Field(max_length=MAX_CANDIDATES), AfterValidator(_distinct)]
    dosage: NotRequired[
        Annotated[
            float | None,
            Field(ge=0, le=1_000_000, description="tips shown to this person, halved every day"),
        ]
    ]
    context: NotRequired[Context | None]
    policy: NotRequired[
        Annotated[
            Name | None,
            Field(description="who shall decide: incumbent or shadow; the incumbent where unknown"),
        ]
    ]


@with_config(STRICT)
class FeatureBlock(TypedDict):
    """K×d: a row per candidate, in the order of `ids`; a column per name."""

    ids: Annotated[list[CandidateId], Field(max_length=MAX_CANDIDATES)]
    names: Annotated[list[Name], Field(max_length=256)]
    values: Annotated[list[list[float]], Field(max_length=MAX_CANDIDATES)]


class Shadow(TypedDict):
    policy: str
    version: str
    probabilities: list[float]
    chosen: str | None
    latencyMs: Annotated[float, Field(description="its own part of the time")]
    fallback: NotRequired[Fallback]


class ScoreResult(TypedDict):
    """Arrays are aligned with the request's candidates; the choice was drawn from exactly `probabilities`.
    They are those of candidates: what a push shows had the chance `sendProbability` times its own."""

    policy: str
    version: str
    chosen: str | None
    silence: NotRequired[SilenceReason]
    sendProbability: NotRequired[Annotated[float, Field(description="of a push: that it is sent at all")]]
    fallback: NotRequired[Fallback]
    holdback: NotRequired[
        Annotated[
            bool, Field(description="one of the moments that `random` decides, so that a gain can be shown")
        ]
    ]
    probabilities: list[float]
    scores: list[float]
    contributions: list[list[float]]
    features: FeatureBlock
    shadows: list[Shadow]
    latencyMs: float


class FeaturesResult(TypedDict):
    """Of one of the last decisions of this process; the decision log has them all."""

    decisionId: str
    policy: str
    version: str
    chosen: str | None
    features: FeatureBlock
    contributions: list[list[float]]


class HealthPart(TypedDict):
    status: Literal["ok", "degraded", "down"]
    detail: str


class HealthResult(TypedDict):
    status: Literal["ok", "degraded", "down"]
    parts: dict[Literal["policy", "database", "prior", "stream"], HealthPart]


class FieldError(TypedDict):
    path: str
    message: str


class Problem(TypedDict):
    type: str
    title: str
    status: int
    detail: str
    errors: NotRequired[list[FieldError]]
