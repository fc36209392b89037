"""Made-up decisions for tests: whatever the contract lets in, and cases as they are written down in JSON."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from ml.features.batch import Batch
from ml.features.registry import NAMES, matrix

Decision = Mapping[str, Any]
"""A request to score: `now`, `timeZone`, `candidates`, and where it has them `dosage` and `context`."""

KINDS = ["todo", "advice", "ambient"]
THEMES = ["plan", "focus", "break", "social", "reflect", "move", "rest", "tidy"]
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Apia", "Australia/Lord_Howe"]

instants = st.datetimes(
    timezones=st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
)


def maybe(some: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | some


ATTRIBUTES = {
    "priority": maybe(st.integers(1, 4)),
    "due": maybe(st.fixed_dictionaries({"date": st.dates()}, optional={"time": maybe(instants)})),
    "createdAt": maybe(instants),
    "effortMin": maybe(st.floats(0, 100_000)),
    "timesShown": st.integers(0, 1_000_000_000),
    "lastShownAt": maybe(instants),
    "recurring": st.booleans(),
    "theme": maybe(st.sampled_from(THEMES)),
    "kindRecent": st.floats(0, 1_000_000),
    "generated": st.booleans(),
    "dismissedSimilarity": maybe(st.floats(0, 1)),
}
CONTEXT = {
    "busy": maybe(st.booleans()),
    "freeMin": maybe(st.floats(0, 100_000)),
    "mood": maybe(st.floats(-1, 1)),
    "sleep": maybe(st.floats(0, 1)),
}
candidates = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(KINDS),
        "id": st.sampled_from(["todoist:1", "library:a", "library:b"]),
        "source": st.sampled_from(["todoist", "calendar", "library"]),
        "attributes": st.fixed_dictionaries({}, optional=ATTRIBUTES),
    }
)
decisions = st.fixed_dictionaries(
    {
        "now": instants,
        "timeZone": st.sampled_from(ZONES),
        "candidates": st.lists(candidates, max_size=8),
    },
    optional={
        "dosage": maybe(st.floats(0, 1_000_000)),
        "context": maybe(st.fixed_dictionaries({}, optional=CONTEXT)),
        "received": st.dictionaries(st.sampled_from(["library:a", "library:b"]), st.floats(-1, 1)),
    },
)


def batch_of(decision: Decision) -> Batch:
    return Batch.of(
        decision["candidates"],
        decision["now"],
        ZoneInfo(decision["timeZone"]),
        decision.get("dosage"),
        decision.get("context"),
        decision.get("received") or {},
    )


def first_row(decision: Decision) -> dict[str, float]:
    return dict(zip(NAMES, matrix(batch_of(decision))[0].tolist(), strict=True))


def from_json(case: Mapping[str, Any]) -> Decision:
    """A case of golden.json as a decision between one candidate."""
    attributes = dict(case["candidate"]["attributes"])
    for name in ("createdAt", "lastShownAt"):
        if attributes.get(name):
            attributes[name] = datetime.fromisoformat(attributes[name])
    if attributes.get("due"):
        at = attributes["due"].get("time")
        attributes["due"] = {
            "date": date.fromisoformat(attributes["due"]["date"]),
            "time": datetime.fromisoformat(at) if at else None,
        }
    candidate = {"id": "", **case["candidate"], "attributes": attributes}
    return {**case, "now": datetime.fromisoformat(case["now"]), "candidates": [candidate]}
