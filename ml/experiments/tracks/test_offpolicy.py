"""Track C's logs carry the truth: asking what would have been changes nothing, and is right."""

import numpy as np
import pytest

from ml.experiments.peers import obp
from ml.experiments.tracks.offpolicy import estimates
from ml.experiments.tracks.offpolicy_judge import judged
from ml.experiments.tracks.offpolicy_log import Told, imagined, log
from ml.experiments.worlds.regime import Regime
from ml.experiments.worlds.tape import WORLDS, tape

SMALL = Regime("small", 8, 2.0, 14)


@pytest.fixture(scope="module", params=list(WORLDS))
def told(request: pytest.FixtureRequest) -> Told:
    return log(tape(WORLDS[request.param], SMALL, 3), "urgency", ("hb_ts", "random"), 3)


def test_what_was_chosen_earned_what_it_would_have_earned(told: Told) -> None:
    assert (told.would_earn[told.candidates.picked] == told.reward).all()
    assert len(set(told.reward.tolist())) > 2
    for p in told.target.values():
        assert np.allclose(told.candidates.sums(p), 1.0)


@pytest.mark.parametrize("world", WORLDS)
def test_asking_what_would_be_leaves_the_run_as_it_was(world: str) -> None:
    made = tape(WORLDS[world], SMALL, 4)
    plain, asked = made.opened(), made.opened()
    for m in range(len(made.stage.moments.t)):
        row = int(made.stage.start[m])
        if row == made.stage.start[m + 1]:
            continue
        for other in range(row, int(made.stage.start[m + 1])):
            imagined(asked).react(other)
        assert asked.react(row) == plain.react(row)


def test_obp_says_the_same_and_the_lines_are_judged(told: Told) -> None:
    lines = [
        {"agent": target, "place": "here/urgency", "seed": seed, **estimates(told, target)}
        for target in told.target
        for seed in (0, 1)
    ]
    assert max(max(line["obp"].values()) for line in lines) < 1e-9
    assert all(abs(line["error"]["dr"]) < 0.5 for line in lines)
    section = judged(lines)
    assert {mark.says for mark in section.marks if mark.passed} >= {"as obp's of the same name, to 1e-9"}
    wrong = obp.estimates(told.candidates, told.reward + 0.1, told.target["hb_ts"], told.would_earn, 20.0)
    right = obp.estimates(told.candidates, told.reward, told.target["hb_ts"], told.would_earn, 20.0)
    assert all(abs(wrong[name] - right[name]) > 1e-3 for name in ("ips", "snips"))
