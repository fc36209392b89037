"""What is only about the time moves the weights of timing, what is only about the thing those of choice."""

import asyncio

import numpy as np

from ml.features import BY_COLUMN, COLUMNS, FEATURES, NAMES, PARTS, WIDTH
from ml.policy import make
from ml.policy.sums import Sums
from ml.state import Learning, Term

POLICY = make("linucb", WIDTH, None, COLUMNS)
LEARNING = Learning((POLICY,), NAMES, PARTS)
EVERYTHING = np.ones(WIDTH, dtype="<f8").tobytes()
TIMING = {
    *("intercept", "todo_morning", "todo_evening", "effort_morning", "effort_evening", "hour_suits"),
    *(
        "priority_weekend",
        "todo_weekend",
        "dose_todo",
        "fits_gap",
        "mood_gentle",
        "sleep_effort",
        "busy_effort",
    ),
}
BOTH = {"kind_recent"}


def moved(part: str, learning: Learning = LEARNING) -> set[str]:
    """The columns whose weight is not what it was after a -1 for a row full of ones."""
    term = Term("e", 20_000.0, "d", part, -1.0, EVERYTHING, learning.layout)
    state = asyncio.run(learning.fold(POLICY, POLICY.fresh(), [term], {}))
    assert isinstance(state, Sums)
    square = state.matrix()
    of_c = {name for name, column in COLUMNS.items() if state.c[column] != 0.0}
    assert of_c == {name for name, column in COLUMNS.items() if square[column].any()}
    return of_c


def test_wrong_time_moves_the_weights_of_timing_only() -> None:
    assert moved("timing") == TIMING | BOTH


def test_wrong_thing_moves_the_weights_of_choice_only() -> None:
    assert moved("choice") == set(NAMES) - TIMING


def test_everything_else_moves_all() -> None:
    assert moved("all") == set(NAMES)
    assert moved("timing", Learning((POLICY,), NAMES)) == set(NAMES), (
        "columns of no declared part are of both"
    )


def test_every_feature_says_which_part_it_is_of_and_a_state_knows_it() -> None:
    assert {feature.part for feature in FEATURES} == {"timing", "choice", "both"}
    assert {name for name in NAMES if BY_COLUMN[name].part == "timing"} == TIMING
    other = Learning((POLICY,), NAMES, ("both", *PARTS[1:]))
    assert LEARNING.version(POLICY) != other.version(POLICY)
