"""r̂ never saw the person it speaks of, and helps; the verdict under several windows reads the same rows."""

import numpy as np
import pytest
from numpy.random import default_rng

from ml.evaluate import dr, ips, per_person
from ml.evaluate.logged import Logged
from ml.evaluate.made_up import D, played, world
from ml.evaluate.reward_model import cross_fit, fit
from ml.evaluate.windows import under_window, under_windows

NAN = float("nan")


def test_ridge_by_hand() -> None:
    model = fit(np.array([[1.0], [-1.0], [1.0]]), np.array([0.5, -0.5, NAN]), ridge=2.0)
    assert (model.middle, model.coefficients.tolist()) == (0.0, [0.25])
    assert model.predict(np.array([[2.0], [100.0]])).tolist() == [0.5, 1.0]
    with pytest.raises(ValueError, match="read-only"):
        model.coefficients[0] = 1.0


def test_a_person_is_predicted_without_their_own_rows() -> None:
    rng = default_rng(1)
    x, person = rng.uniform(-1, 1, (300, D)), rng.integers(7, size=300) * 11
    reward = np.tanh(x @ np.array([0.5, -0.4, 0.3, 0.0]))
    before = cross_fit(x, reward, person)
    for one in np.unique(person):
        own = person == one
        after = cross_fit(x, np.where(own, -reward, reward), person)
        assert (after.predict(x[own], person[own]) == before.predict(x[own], person[own])).all()
        assert (after.predict(x, person) != before.predict(x, person)).any()
    stranger = before.predict(x, np.full(300, 5))
    assert (stranger == before.whole.predict(x)).all()


def test_one_person_alone_gets_plain_ips() -> None:
    x = default_rng(1).uniform(-1, 1, (50, D))
    alone = cross_fit(x, np.ones(50), np.zeros(50, dtype=np.int64))
    assert (alone.predict(x, np.zeros(50, dtype=np.int64)) == 0).all()


def test_a_learned_model_makes_dr_steadier_and_keeps_it_true() -> None:
    w = world(default_rng(3), 6000)
    candidates, log = played(default_rng(2), w)
    chosen = w.x[np.arange(6000), candidates.chosen]
    model = cross_fit(chosen, log.reward, w.person)
    long = model.predict(w.x.reshape(-1, D), np.repeat(w.person, candidates.sizes))
    robust = candidates.logged(w.person, log.t_days, log.reward, w.target.reshape(-1), long)
    assert dr(robust, by="decision").se < 0.85 * ips(log, by="decision").se
    assert dr(robust).low < w.truth < dr(robust).high
    alone = per_person(dr, robust)
    assert len(alone) == 40
    assert np.mean([e.value for e in alone.values()]) == pytest.approx(w.truth, abs=0.05)


LATE = Logged(
    person=np.arange(4),
    t_days=np.zeros(4),
    logged_p=np.ones(4),
    target_p=np.ones(4),
    reward=np.array([1.0, 1.0, NAN, -1.0]),
)
ARRIVED_H, AGE_H = np.array([2.0, 30.0, NAN, 1.0]), np.array([100.0, 100.0, 100.0, 10.0])


def test_what_comes_after_the_window_is_silence() -> None:
    assert under_window(LATE, ARRIVED_H, AGE_H, 24.0, 0.0).reward[:3].tolist() == [1.0, 0.0, 0.0]
    assert under_window(LATE, ARRIVED_H, AGE_H, 48.0, -0.1).reward[:3].tolist() == [1.0, 1.0, -0.1]
    assert np.isnan(under_window(LATE, ARRIVED_H, AGE_H, 24.0, 0.0).reward[3])
    assert under_window(LATE, ARRIVED_H, AGE_H, 6.0, 0.0).reward[3] == -1.0


def test_all_windows_speak_of_the_same_rows() -> None:
    by_window = under_windows(ips, LATE, ARRIVED_H, AGE_H)
    values = {w: e.value for w, e in by_window.items()}
    assert values == pytest.approx({6.0: 1 / 3, 12.0: 1 / 3, 24.0: 1 / 3, 48.0: 2 / 3})
    assert {e.n for e in by_window.values()} == {3}
