"""The printed table is the table."""

from typing import get_args

from ml.reward.__main__ import document
from ml.reward.table import REWARDS, Reaction


def test_every_reaction_is_told_with_its_numbers() -> None:
    told = document()
    reactions = told["reactions"]
    assert isinstance(reactions, dict)
    assert set(reactions) == set(get_args(Reaction))
    for reaction, earned in REWARDS.items():
        said = reactions[reaction]["reward"]
        assert said == (None if earned is None else {"value": earned.value, "part": earned.part})
    assert told["default"] == {"value": 0.0, "part": "all"}
