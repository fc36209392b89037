"""Rewards are the product's table, and the reaction that counts is the one the product says."""

from typing import get_args

import pytest

from ml.reward import DEFAULT_REWARD, FINAL, REWARDS, Earned, Reaction, earned, settle


@pytest.mark.parametrize(
    ("reaction", "value", "part"),
    [
        ("done", 1.0, "all"),
        ("helpful", 0.5, "all"),
        ("snooze", 0.0, "all"),
        ("not_helpful", -0.5, "all"),
        ("dismiss", -1.0, "all"),
        ("wrong_time", -1.0, "timing"),
        ("wrong_thing", -1.0, "choice"),
        ("never", -1.0, "all"),
    ],
)
def test_a_reaction_earns_its_reward(reaction: Reaction, value: float, part: str) -> None:
    assert earned(reaction) == Earned(value, part)  # type: ignore[arg-type]


def test_already_done_teaches_nothing_and_silence_earns_the_default() -> None:
    assert earned("already_done") is None
    assert Earned(0.0, "all") == DEFAULT_REWARD


def test_every_reaction_has_its_row() -> None:
    assert set(REWARDS) == set(get_args(Reaction))
    assert set(REWARDS) > FINAL


@pytest.mark.parametrize(
    ("said", "counts"),
    [
        ([], None),
        (["snooze"], "snooze"),
        (["helpful", "not_helpful"], "not_helpful"),
        (["helpful", "done", "not_helpful"], "done"),
        (["dismiss", "done"], "dismiss"),
        (["snooze", "already_done"], "already_done"),
    ],
)
def test_the_first_final_reaction_counts_else_the_last(said: list[Reaction], counts: Reaction | None) -> None:
    assert settle(said) == counts
