"""Features are finite, in range, and right about the person's own calendar."""

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.features import COLUMNS, FEATURES, NAMES, WIDTH, Batch, matrix, reason
from ml.features.catalogue import table

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Apia", "Australia/Lord_Howe"]


def todo(kind: str = "todo", source: str = "todoist", **attributes: Any) -> dict[str, Any]:
    return {"kind": kind, "source": source, "attributes": attributes}


def row(
    candidate: dict[str, Any],
    now: datetime = NOW,
    zone: str = "UTC",
    dosage: float | None = None,
    **context: Any,
) -> dict[str, float]:
    block = matrix(Batch.of([candidate], now, ZoneInfo(zone), dosage, context))
    return dict(zip(NAMES, block[0].tolist(), strict=True))


offsets = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
instants = st.datetimes(timezones=offsets)


def maybe(some: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | some


dues = st.fixed_dictionaries({"date": st.dates()}, optional={"time": maybe(instants)})
THEMES = ["plan", "focus", "break", "social", "reflect", "move", "rest", "tidy"]
candidates = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["todo", "advice", "ambient"]),
        "source": st.sampled_from(["todoist", "calendar", "library"]),
        "attributes": st.fixed_dictionaries(
            {},
            optional={
                "priority": maybe(st.integers(1, 4)),
                "due": maybe(dues),
                "createdAt": maybe(instants),
                "effortMin": maybe(st.floats(0, 100_000)),
                "timesShown": st.integers(0, 1_000_000_000),
                "lastShownAt": maybe(instants),
                "recurring": st.booleans(),
                "theme": maybe(st.sampled_from(THEMES)),
                "kindRecent": st.floats(0, 1_000_000),
                "generated": st.booleans(),
                "dismissedSimilarity": maybe(st.floats(0, 1)),
            },
        ),
    }
)
dosages = maybe(st.floats(0, 1_000_000))
contexts = maybe(
    st.fixed_dictionaries(
        {},
        optional={
            "busy": maybe(st.booleans()),
            "freeMin": maybe(st.floats(0, 100_000)),
            "mood": maybe(st.floats(-1, 1)),
            "sleep": maybe(st.floats(0, 1)),
        },
    )
)


@given(st.lists(candidates, max_size=8), instants, st.sampled_from(ZONES), dosages, contexts)
def test_whatever_comes_values_are_finite_and_in_range(
    some: list[dict[str, Any]], now: datetime, zone: str, dosage: float | None, context: dict[str, Any] | None
) -> None:
    block = matrix(Batch.of(some, now, ZoneInfo(zone), dosage, context))
    assert block.shape == (len(some), WIDTH)
    assert np.isfinite(block).all()
    for feature in FEATURES:
        for name in feature.column_names:
            values = block[:, COLUMNS[name]]
            assert ((values >= feature.low) & (values <= feature.high)).all(), name


@given(st.lists(candidates, min_size=2, max_size=8), st.sampled_from(ZONES), dosages, contexts)
def test_a_candidate_has_the_same_numbers_alone_or_in_company(
    some: list[dict[str, Any]], zone: str, dosage: float | None, context: dict[str, Any] | None
) -> None:
    together = matrix(Batch.of(some, NOW, ZoneInfo(zone), dosage, context))
    alone = [matrix(Batch.of([one], NOW, ZoneInfo(zone), dosage, context))[0] for one in some]
    assert (together == np.array(alone)).all()


def test_defaults_of_a_candidate_that_says_nothing() -> None:
    numbers = row(todo())
    usual = pytest.approx(np.log(31) / np.log(241))
    said = {"intercept": 1.0, "kind_todo": 1.0, "slack": 1.0, "effort": usual}
    morning = {"todo_morning": 1.0, "effort_morning": usual}
    assert numbers == {**dict.fromkeys(COLUMNS, 0.0), **said, **morning}


@pytest.mark.parametrize(
    ("kind", "marks"), [("todo", [1, 0, 0]), ("advice", [0, 1, 0]), ("ambient", [0, 0, 1]), ("x", [0, 0, 0])]
)
def test_kind_marks_one_column_at_most(kind: str, marks: list[float]) -> None:
    numbers = row(todo(kind))
    assert [numbers["kind_todo"], numbers["kind_advice"], numbers["kind_ambient"]] == marks


@pytest.mark.parametrize(("said", "value"), [(1, 0.0), (2, 1 / 3), (4, 1.0), (None, 0.0)])
def test_priority_is_scaled(said: int | None, value: float) -> None:
    assert row(todo(priority=said))["priority"] == pytest.approx(value)


@pytest.mark.parametrize(("days", "value"), [(0, 0.0), (15, 0.5), (30, 1.0), (400, 1.0), (-5, 0.0)])
def test_age_is_capped_and_never_negative(days: int, value: float) -> None:
    assert row(todo(createdAt=NOW - timedelta(days=days)))["age"] == pytest.approx(value)


@pytest.mark.parametrize(("times", "value"), [(0, 0.0), (1, 0.2), (3, 0.4), (31, 1.0), (10**9, 1.0)])
def test_times_shown_grows_by_doublings(times: int, value: float) -> None:
    assert row(todo(timesShown=times))["times_shown"] == pytest.approx(value)


@pytest.mark.parametrize(
    ("zone", "today"),
    [("UTC", 10), ("America/Los_Angeles", 10), ("Pacific/Kiritimati", 10), ("Pacific/Pago_Pago", 9)],
)
def test_today_is_the_persons_own_date(zone: str, today: int) -> None:
    due = {"date": date(2026, 3, today), "time": None}
    numbers = row(todo(due=due), zone=zone)
    assert (numbers["due_today"], numbers["overdue"]) == (1.0, 0.0)


def test_a_dated_task_is_late_from_local_midnight_on() -> None:
    due = todo(due={"date": date(2026, 3, 9)})
    before, after = (datetime(2026, 3, 9, 22, 59, 59, tzinfo=UTC), datetime(2026, 3, 9, 23, 0, tzinfo=UTC))
    assert row(due, before, "Europe/Berlin")["overdue"] == 0.0
    assert row(due, after, "Europe/Berlin")["overdue"] == 1.0


def test_a_timed_task_is_late_from_its_instant_on_and_still_due_today() -> None:
    due = todo(due={"date": date(2026, 3, 10), "time": NOW})
    at, after = row(due, NOW), row(due, NOW + timedelta(seconds=1))
    assert (at["overdue"], at["due_today"]) == (0.0, 1.0)
    assert (after["overdue"], after["due_today"]) == (1.0, 1.0)


@pytest.mark.parametrize(
    ("zone", "midnight", "length_h"),
    [
        ("Europe/Berlin", datetime(2026, 3, 28, 23, tzinfo=UTC), 23),
        ("Europe/Berlin", datetime(2026, 10, 24, 22, tzinfo=UTC), 25),
        ("America/New_York", datetime(2026, 3, 8, 5, tzinfo=UTC), 23),
    ],
)
def test_a_day_is_a_date_however_long_the_clock_makes_it(
    zone: str, midnight: datetime, length_h: int
) -> None:
    day = midnight.astimezone(ZoneInfo(zone)).date()
    due, last = todo(due={"date": day}), midnight + timedelta(hours=length_h, seconds=-1)
    assert [row(due, at, zone)["due_today"] for at in (midnight, last)] == [1.0, 1.0]
    after = row(due, last + timedelta(seconds=1), zone)
    assert (row(due, last, zone)["overdue"], after["overdue"], after["due_today"]) == (0.0, 1.0, 0.0)


def test_the_registry_is_ordered_and_each_feature_explains_itself() -> None:
    assert NAMES == (
        "intercept", "kind_todo", "kind_advice", "kind_ambient", "overdue",
        "age", "priority", "due_today", "times_shown", "effort",
        "slack", "theme_plan", "theme_focus", "theme_break", "theme_social", "theme_reflect",
        "todo_morning", "todo_evening", "effort_morning", "effort_evening", "break_afternoon",
        "priority_weekend", "todo_weekend", "kind_recent", "dose_todo", "fits_gap", "from_calendar",
        "generated", "dismissed_similarity", "mood_gentle", "sleep_effort", "busy_effort",
    )  # fmt: skip
    for feature in FEATURES:
        assert feature.low <= feature.high
        assert bool(feature.why_below) == (feature.low < 0)
        for column in feature.column_names:
            assert reason(column, feature.high)
            assert reason(column, feature.low)


def test_the_readme_lists_what_the_features_say_of_themselves() -> None:
    assert table() in Path(__file__).with_name("README.md").read_text(encoding="utf-8")
