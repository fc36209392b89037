"""What a moment is worth is learned from what was sent in it."""

import numpy as np
import pytest

from ml.policy.base import State
from ml.policy.moment import COLUMNS, LEAST_WORTH, PARTS, Moments, assumed, moment, sense, until_night


def test_every_moment_has_its_columns_in_range() -> None:
    for hour in np.linspace(0, 23.99, 50):
        row = moment(float(hour), True, False, 1e6)
        assert row.shape == (len(COLUMNS) - 1,)
        assert np.abs(row).max() <= 1.0
    assert moment(0.0, False, False, 0.0) == pytest.approx(moment(24.0, False, False, 0.0))


def pushed(hours: list[float], rewards: list[float], scores: list[float]) -> State:
    state: State = Moments(sense()).fresh()
    for day, (hour, reward, score) in enumerate(zip(hours, rewards, scores, strict=True)):
        row = np.array([score, *moment(hour, False, False, 1.0)])
        state = Moments(sense()).update(state, row, reward, float(day))
    return state


def test_the_hours_at_which_tips_are_welcome_are_found() -> None:
    """Forty answers: good around nine, bad in the afternoon."""
    rng = np.random.default_rng(0)
    hours = rng.uniform(8, 22, 40)
    better = 0.6 * np.exp(-0.5 * ((hours - 9) / 2) ** 2) - 0.3 * ((hours > 13) & (hours < 17))
    rewards = 0.2 + better + rng.normal(0, 0.3, 40)
    weights = Moments(sense()).weights(pushed(hours.tolist(), rewards.tolist(), [0.2] * 40), 40.0)
    whole = np.arange(8, 22)
    added = until_night(moment(8.0, False, False, 1.0), 8.0, 14, 1.0) @ weights.added
    assert whole[added.argmax()] in (8, 9, 10)
    assert whole[added.argmin()] in range(13, 18)


def test_what_a_score_is_worth_in_a_push_is_learned_and_never_turns_round() -> None:
    rng = np.random.default_rng(1)
    scores, hours = rng.uniform(-0.3, 0.6, 300), rng.uniform(8, 22, 300)
    usual = Moments(sense()).weights(None, 0.0)
    assert usual.worth == 1.0
    assert not usual.added.any()
    half = Moments(sense()).weights(pushed(hours.tolist(), (0.5 * scores).tolist(), scores.tolist()), 300.0)
    assert 0.5 < half.worth < 0.9
    against = Moments(sense()).weights(pushed(hours.tolist(), (-2 * scores).tolist(), scores.tolist()), 300.0)
    assert against.worth == LEAST_WORTH


def test_the_rest_of_the_day_is_this_moment_and_those_after_it() -> None:
    now = moment(9.0, True, True, 3.0)
    rows = until_night(now, 9.0, 5, 0.5)
    assert rows[0] == pytest.approx(now)
    assert rows[4] == pytest.approx(moment(11.0, True, False, 3.0)), "being busy now says nothing of later"
    assert len(until_night(now, 9.0, 10_000, 0.5)) == 48
    assert len(until_night(now, 9.0, 0, 0.5)) == 1


def test_only_the_score_is_of_choice() -> None:
    assert len(PARTS) == len(COLUMNS)
    assert [name for name, part in zip(COLUMNS, PARTS, strict=True) if part == "choice"] == ["push_score"]


def test_somebody_new_is_met_with_what_simulated_people_have_in_common() -> None:
    prior = assumed()
    assert (prior.version, len(prior.mean)) == ("moments-1", len(COLUMNS))
    hours = np.arange(8, 22)
    added = until_night(moment(8.0, False, False, 0.0), 8.0, 14, 1.0) @ Moments().weights(None, 0.0).added
    assert hours[added.argmin()] in range(11, 16), "least at midday"
    assert added[hours == 9] > added[hours == 13] < added[hours == 19]
