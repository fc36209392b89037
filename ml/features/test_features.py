"""Whatever comes, features are finite, in range and never turn back. Days have test_zones.py."""

from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.features import COLUMNS, FEATURES, NAMES, WIDTH, Feature, matrix, reason
from ml.features.__main__ import document
from ml.features.catalogue import table
from ml.features.learned import LEARNED
from ml.features.made_up import KINDS, Decision, batch_of, decisions, first_row, instants


@given(decisions)
def test_whatever_comes_values_are_finite_and_in_range(decision: Decision) -> None:
    block = matrix(batch_of(decision))
    assert block.shape == (len(decision["candidates"]), WIDTH)
    assert np.isfinite(block).all()
    for feature in FEATURES:
        for name in feature.column_names:
            values = block[:, COLUMNS[name]]
            assert ((values >= feature.low) & (values <= feature.high)).all(), name


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
@pytest.mark.parametrize("hours", [-14, 0, 14])
def test_the_calendar_has_two_ends_and_both_are_in_range(zone: str, hours: int) -> None:
    own = timezone(timedelta(hours=hours))
    ends = [datetime.min.replace(tzinfo=own), datetime.max.replace(tzinfo=own)]
    dues = [None, *({"date": day, "time": at} for at in (None, *ends) for day in (date.min, date.max))]
    some = [
        {"kind": "todo", "source": "x", "attributes": {"due": due, "createdAt": at}}
        for due in dues
        for at in ends
    ]
    for now in ends:
        block = matrix(batch_of({"now": now, "timeZone": zone, "candidates": some}))
        assert np.isfinite(block).all()
        assert (np.abs(block) <= 1).all()


@given(decisions)
def test_a_candidate_has_the_same_numbers_alone_or_in_company(decision: Decision) -> None:
    together = matrix(batch_of(decision))
    for at, candidate in enumerate(decision["candidates"]):
        alone = matrix(batch_of({**decision, "candidates": [candidate]}))
        assert (together[at] == alone[0]).all()


# What must never fall, or never rise, as one thing of the request grows.
MONOTONE: list[tuple[str, st.SearchStrategy[Any], str, bool]] = [
    ("due.date", st.dates(), "overdue", False),
    ("due.time", instants, "overdue", False),
    ("now", instants, "overdue", True),
    ("now", instants, "age", True),
    ("createdAt", instants, "age", False),
    ("priority", st.integers(1, 4), "priority", True),
    ("timesShown", st.integers(0, 40), "times_shown", True),
    ("timesShown", st.integers(0, 40), "todo_shown", True),
    ("kindRecent", st.floats(0, 20), "kind_recent", True),
    ("dismissedSimilarity", st.floats(0, 1), "dismissed_similarity", True),
    ("effortMin", st.floats(0, 300), "effort", True),
    ("effortMin", st.floats(0, 300), "todo_effort", True),
    ("effortMin", st.floats(0, 300), "fits_gap", False),
    ("effortMin", st.floats(0, 300), "busy_effort", True),
    ("dosage", st.floats(0, 20), "dose_todo", True),
    ("received", st.floats(-1, 1), "received", True),
    ("context.freeMin", st.floats(0, 300), "fits_gap", True),
    ("context.mood", st.floats(-1, 1), "mood_gentle", False),
    ("context.sleep", st.floats(0, 1), "sleep_effort", False),
]


def _with(decision: Decision, name: str, value: Any) -> Decision:
    """The decision about its first candidate, with one thing set."""
    candidate = decision["candidates"][0]
    if name.startswith("context."):
        said = {**(decision.get("context") or {}), name.removeprefix("context."): value}
        return {**decision, "candidates": [candidate], "context": said}
    if name == "received":
        return {**decision, "candidates": [candidate], name: {candidate["id"]: value}}
    if name in ("now", "dosage"):
        return {**decision, "candidates": [candidate], name: value}
    if name.startswith("due."):
        name, value = "due", {"date": date(2026, 3, 10), name.removeprefix("due."): value}
    given = {**candidate["attributes"], name: value}
    return {**decision, "candidates": [{**candidate, "attributes": given}]}


@pytest.mark.parametrize(("name", "values", "column", "rises"), MONOTONE, ids=lambda value: str(value)[:20])
def test_it_never_turns_back(name: str, values: st.SearchStrategy[Any], column: str, rises: bool) -> None:
    @settings(max_examples=40)
    @given(decisions.filter(lambda decision: decision["candidates"]), values, values)
    def holds(decision: Decision, one: Any, other: Any) -> None:
        less, more = sorted([one, other])
        before, after = (first_row(_with(decision, name, value))[column] for value in (less, more))
        assert before <= after if rises else before >= after

    holds()


@given(decisions)
def test_what_excludes_each_other_does(decision: Decision) -> None:
    rows = [dict(zip(NAMES, row, strict=True)) for row in matrix(batch_of(decision)).tolist()]
    for at, numbers in enumerate(rows):
        assert sum(numbers[f"kind_{kind}"] for kind in KINDS) == 1
        assert sum(numbers[name] for name in NAMES if name.startswith("theme_")) <= 1
        assert min(numbers["todo_morning"], numbers["todo_evening"]) == 0
        due = decision["candidates"][at]["attributes"].get("due")
        assert due or (numbers["overdue"], numbers["due_today"], numbers["near_due"]) == (0, 0, 0)
        assert not (numbers["kind_todo"] and numbers["kind_recent"])


def test_the_registry_is_ordered_and_each_feature_explains_itself() -> None:
    assert NAMES == (
        "intercept", "kind_todo", "kind_advice", "kind_ambient", "overdue",
        "age", "priority", "due_today", "times_shown", "effort",
        "near_due", "theme_plan", "theme_focus", "theme_break", "theme_social", "theme_reflect",
        "theme_move", "theme_rest",
        "todo_morning", "todo_evening", "effort_morning", "effort_evening", "hour_suits",
        "priority_weekend", "todo_weekend", "kind_recent", "dose_todo", "fits_gap", "from_calendar",
        "generated", "dismissed_similarity", "mood_gentle", "sleep_effort", "busy_effort",
        "todo_shown", "todo_effort", "received",
    )  # fmt: skip
    for feature in FEATURES:
        assert feature.low <= feature.high
        assert bool(feature.why_below) == (feature.low < 0)
        for column in feature.column_names:
            assert reason(column, feature.high)
            assert reason(column, feature.low)


CONSENT = {
    "mood": {"context.mood"},
    "sleep": {"context.sleep"},
    "calendar": {"source", "context.busy", "context.freeMin"},
    "sync": {"due", "createdAt", "priority", "effortMin"},
}


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.name)
def test_a_feature_rests_on_the_consent_for_the_most_personal_thing_it_reads(feature: Feature) -> None:
    needed = [purpose for purpose, things in CONSENT.items() if things & set(feature.reads)]
    assert feature.purpose == (needed[0] if needed else "service")


def test_the_readme_lists_what_the_features_say_of_themselves() -> None:
    assert table() in Path(__file__).with_name("README.md").read_text(encoding="utf-8")


def test_every_column_has_its_words_for_a_person() -> None:
    assert list(LEARNED) == list(NAMES)
    assert list(document()) == list(NAMES)
    for column, said in document().items():
        told = [said["why"], said["learnedMore"], said["learnedLess"]]
        assert all(told), column
        assert len(set(told)) == len(told), column
        assert all(not text.endswith(".") for text in said.values()), column
