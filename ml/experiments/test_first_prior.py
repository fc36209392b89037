"""The shipped prior: of sense and simulated people, by a command; what sense holds stands."""

import json

import numpy as np

from ml.experiments.first_prior import HELD, PLAYERS, lived, sense
from ml.experiments.ours import OF_WORLD
from ml.features import NAMES
from ml.policy.prior import SECOND, from_json


def test_where_simulated_people_do_not_overrule_sense_it_stands() -> None:
    known = dict(zip(NAMES, sense().mean.tolist(), strict=True))
    for path in (SECOND, *(OF_WORLD / f"{world}.json" for world in ("people", "goals"))):
        shipped = from_json(path.read_text()).over(NAMES)
        for name, mean in zip(NAMES, shipped.mean.tolist(), strict=True):
            assert name not in HELD or mean == known[name]


def test_it_says_what_it_is_made_of() -> None:
    said = json.loads(SECOND.read_text())
    assert said["version"] == "second-1"
    assert "simulated people of people and goals" in said["provenance"]
    assert list(said["columns"]) == list(NAMES)


def test_it_is_made_of_lives_that_are_the_same_each_time() -> None:
    once, again = (lived(("goals", "low", 0, PLAYERS.index(PLAYERS[-1]))) for _ in range(2))
    assert len(once) == 30
    assert sum(one.n for one in once) > 1000
    for one, other in zip(once, again, strict=True):
        assert one.to_bytes() == other.to_bytes()
    held = [NAMES.index(name) for name in HELD]
    assert all((one.matrix()[held] == 0).all() and (one.c[held] == 0).all() for one in once)
    assert np.isfinite([one.q for one in once]).all()
