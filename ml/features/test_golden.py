"""golden.json: candidates at moments, and the columns they must have; a column that is not named is 0.

Computed by hand, so it may judge any implementation in any language.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ml.features import COLUMNS, FEATURES
from ml.features.made_up import ATTRIBUTES, CONTEXT, Decision, first_row, from_json

CASES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("golden.json").read_text(encoding="utf-8"))
DECISIONS = [from_json(case) for case in CASES]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_case_has_the_columns_that_were_computed_by_hand(case: dict[str, Any]) -> None:
    expected = {**dict.fromkeys(COLUMNS, 0.0), **case["expected"]}
    assert first_row(from_json(case)) == pytest.approx(expected, rel=0, abs=1e-9)


def test_every_column_takes_its_highest_and_another_value() -> None:
    rows = [first_row(decision) for decision in DECISIONS]
    for feature in FEATURES:
        for column in feature.column_names:
            values = {row[column] for row in rows}
            assert len(values) > 1 or feature.low == feature.high, column
            assert max(values) > 0, column


def _changed(decision: Decision, name: str, donor: Decision) -> Decision:
    """The decision with one thing that could be read taken from another."""
    mine, theirs = decision["candidates"][0], donor["candidates"][0]
    if name in ("kind", "source"):
        return {**decision, "candidates": [{**mine, name: theirs[name]}]}
    if name in ATTRIBUTES:
        given = {**mine["attributes"], name: theirs["attributes"].get(name)}
        return {**decision, "candidates": [{**mine, "attributes": given}]}
    if name.startswith("context."):
        key = name.removeprefix("context.")
        said, told = decision.get("context") or {}, donor.get("context") or {}
        return {**decision, "context": {**said, key: told.get(key)}}
    return {**decision, name: donor.get(name)}


def _influences() -> Iterator[tuple[str, str]]:
    """Each feature with each thing that moved it, over every case and every other case's value."""
    names = [
        "kind",
        "source",
        "now",
        "timeZone",
        "dosage",
        "received",
        *ATTRIBUTES,
        *(f"context.{key}" for key in CONTEXT),
    ]
    for decision in DECISIONS:
        before = first_row(decision)
        for name in names:
            for donor in DECISIONS:
                after = first_row(_changed(decision, name, donor))
                for feature in FEATURES:
                    if any(before[column] != after[column] for column in feature.column_names):
                        yield feature.name, name


def test_a_feature_reads_what_it_says_it_reads_and_nothing_else() -> None:
    seen: dict[str, set[str]] = {feature.name: set() for feature in FEATURES}
    for feature_name, name in _influences():
        seen[feature_name].add(name)
    assert seen == {feature.name: set(feature.reads) for feature in FEATURES}
