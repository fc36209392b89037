"""A prior as a file keeps every number, and is laid over whatever columns there are."""

import json

import numpy as np
import pytest
from numpy.random import default_rng

from ml.policy.base import Prior
from ml.policy.pooling import TAU0
from ml.policy.prior import SECOND, PriorFile, from_json, shipped, to_json


def test_a_file_keeps_every_number() -> None:
    root = default_rng(1).normal(size=(3, 3))
    for cov in (root @ root.T, np.diag([0.1, 0.2, 0.3]) ** 2):
        file = PriorFile(
            ("a", "b", "c"), Prior(default_rng(2).normal(size=3), cov, 0.3, "v1"), "made up in a test"
        )
        again = from_json(to_json(file))
        assert (again.names, again.provenance) == (file.names, file.provenance)
        assert (again.prior.version, again.prior.noise_var) == ("v1", 0.3)
        assert (again.prior.mean == file.prior.mean).all()
        assert (again.prior.cov == file.prior.cov).all()


def test_columns_are_found_by_name_and_unknown_ones_are_wide_around_nothing() -> None:
    cov = np.array([[0.04, 0.01, 0.0], [0.01, 0.09, 0.02], [0.0, 0.02, 0.16]])
    file = PriorFile(("a", "b", "c"), Prior(np.array([1.0, 2.0, 3.0]), cov, 0.3, "v1"), "")
    prior = file.over(["c", "new", "a"], tau=0.5)
    assert prior.mean.tolist() == [3.0, 0.0, 1.0]
    assert prior.cov.tolist() == [[0.16, 0.0, 0.0], [0.0, 0.25, 0.0], [0.0, 0.0, 0.04]]
    assert (prior.version, prior.noise_var) == ("v1", 0.3)


def test_the_shipped_prior_knows_what_everyone_knows() -> None:
    names = ["intercept", "overdue", "due_today", "times_shown", "kind_recent", "something_new"]
    prior = shipped(names)
    said = dict(zip(names, prior.mean.tolist(), strict=True))
    assert said["overdue"] > 0 < said["due_today"]
    assert said["times_shown"] < 0 > said["kind_recent"]
    assert said["something_new"] == 0.0
    assert prior.cov[5, 5] == pytest.approx(TAU0**2)
    assert from_json(SECOND.read_text()).provenance
    assert prior.version == json.loads(SECOND.read_text())["version"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"version": "v", "provenance": "", "noise_var": 0.2, "columns": {"a": {"mean": 1}}}',
        '{"version": "v", "provenance": "", "noise_var": 0.2, "columns": {"a": {"mean": NaN, "sd": 1}}}',
        '{"version": "v", "provenance": "", "noise_var": 1, "columns": {"a": {"mean": 0}}, "cov": [[1, 0]]}',
    ],
)
def test_what_is_no_prior_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="prior"):
        from_json(text)
