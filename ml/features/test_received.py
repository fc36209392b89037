"""How cards were received: against their theme, with doubt while little is known, by five people or more."""

import numpy as np
import pytest

from ml.features.numbers import Floats
from ml.features.received import DOUBT, LEAST_PEOPLE, received

Card = tuple[int, int, int, float]
"""Its theme, how many people, how many rewards, their sum."""


def of(*cards: Card) -> Floats:
    theme, people, rewards = np.array([card[:3] for card in cards], dtype=np.int64).reshape(-1, 3).T
    return received(theme, people, rewards, np.array([card[3] for card in cards]))


def test_a_card_is_held_against_the_others_of_its_theme() -> None:
    found = of((0, 5, 5, 5.0), (0, 5, 5, 0.0), (1, 5, 5, -5.0))
    assert found == pytest.approx([5 * 0.5 / (5 + DOUBT), -5 * 0.5 / (5 + DOUBT), 0.0])


def test_what_fewer_than_five_people_made_of_it_is_not_told_however_much_it_is() -> None:
    found = of((0, LEAST_PEOPLE - 1, 200, 200.0), (0, LEAST_PEOPLE, 5, 0.0))
    assert found[0] == 0.0
    assert found[1] < 0.0


def test_the_more_is_known_the_more_it_says() -> None:
    some = [of((0, 5, n, n * 1.0), (0, 5, n, n * -1.0))[0] for n in (5, 10, 500)]
    assert 0 < some[0] < some[1] < some[2] < 1.0


def test_what_was_never_shown_and_nobody_at_all_say_nothing() -> None:
    assert of((0, 0, 0, 0.0), (3, 9, 9, 9.0)).tolist() == [0.0, 0.0]
    assert of().tolist() == []
