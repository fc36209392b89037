"""What a moment is worth is learned from what was sent in it."""

import numpy as np
import pytest

from ml.policy import make
from ml.policy.base import Explains
from ml.policy.moment import COLUMNS, assumed, moment


def test_every_moment_has_its_columns_in_range() -> None:
    for hour in np.linspace(0, 23.99, 50):
        row = moment(float(hour), True, False, 1e6)
        assert row.shape == (len(COLUMNS),)
        assert np.abs(row).max() <= 1.0
    assert moment(0.0, False, False, 0.0) == pytest.approx(moment(24.0, False, False, 0.0))


def test_the_hours_at_which_tips_are_welcome_are_found() -> None:
    """Forty answers: good around nine, bad in the afternoon."""
    policy = make("hb_ts", len(COLUMNS), assumed())
    assert isinstance(policy, Explains)
    rng, state = np.random.default_rng(0), policy.fresh()
    for day in range(40):
        hour = float(rng.uniform(8, 22))
        better = 0.6 * np.exp(-0.5 * ((hour - 9) / 2) ** 2) - 0.3 * (13 < hour < 17)
        state = policy.update(state, moment(hour, False, False, 1.0), better + rng.normal(0, 0.3), day)
    hours = np.arange(8, 22)
    rows = np.stack([moment(float(hour), False, False, 1.0) for hour in hours])
    added = policy.contributions(state, rows).sum(axis=1)
    assert hours[added.argmax()] in (8, 9, 10)
    assert hours[added.argmin()] in range(13, 18)
