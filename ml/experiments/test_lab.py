"""The lab's quick form, as a guard against regressions by ratio; and what its command promises."""

import io
import json
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from ml.experiments.__main__ import bakeoff, main, seeds_of
from ml.experiments.interrupt import FixedTimes, Moment, Quantile, Rule, interrupt
from ml.experiments.judge import Scores, closed_loop
from ml.experiments.memory import Memory
from ml.experiments.ours import POLICIES, ours
from ml.experiments.play import play
from ml.experiments.progress import Bar
from ml.experiments.pusher import Pusher
from ml.experiments.runs import Kept, Line, Unit, run
from ml.experiments.worlds.regime import Regime
from ml.experiments.worlds.tape import WORLDS, tape
from ml.features import COLUMNS, NAMES, WIDTH
from ml.policy.draw import draw

SMALL = Regime("small", 24, 1.5, 28)
SEEDS = range(2)
RIVALS = ("linucb", "lints", "igw", "urgency", "random")


@pytest.mark.parametrize("world", sorted(WORLDS))
def test_the_incumbent_is_ahead_of_every_other_policy(world: str) -> None:
    means: dict[str, list[float]] = {name: [] for name in ("hb_ts", *RIVALS)}
    for seed in SEEDS:
        made = tape(WORLDS[world], SMALL, seed)
        for name, found in means.items():
            agent = ours(name, POLICIES[name])(WIDTH, COLUMNS, SMALL.people)
            found.append(float(play(made, agent, np.random.default_rng([seed, 2])).reward.mean()))
    mean = {name: float(np.mean(found)) for name, found in means.items()}
    assert mean["hb_ts"] >= 1.05 * max(mean[name] for name in RIVALS), mean


def test_the_quantile_rule_is_worth_more_than_fixed_times() -> None:
    regime = Regime("ticks", 12, 28.0, 14, ticks=True)
    net = {"quantile": 0.0, "fixed": 0.0}
    for seed in range(2):
        made = tape(WORLDS["people"], regime, seed)
        rules: dict[str, Rule] = {"quantile": Quantile(regime.people), "fixed": FixedTimes()}
        for name, rule in rules.items():
            pusher = Pusher(regime.people, waits=True)
            result = interrupt(made, pusher, rule, np.random.default_rng([seed, 3]))
            assert result.sends <= 3
            net[name] += result.net
    assert net["quantile"] > max(0.3, 2.5 * net["fixed"]), net


def test_the_rule_waits_for_what_is_good_for_this_person() -> None:
    """The same moment is sent to who rarely has as good a one, and not to who has better ones all day."""
    rule = Quantile(2)
    for best in np.random.default_rng(0).normal(0.0, 0.1, 100):
        for person, usual in ((0, 0.2), (1, 0.8)):
            rule.sends(Moment(person, 12.0, usual + best, np.zeros(28), 3, 28))
    assert rule.sends(Moment(0, 12.0, 0.5, np.zeros(28), 3, 28)) > 0.9
    assert rule.sends(Moment(1, 12.0, 0.5, np.zeros(28), 3, 28)) == 0.0


def test_rewards_are_heard_in_order_and_never_early() -> None:
    """An agent that writes down what it hears: all of it, in order, corrections after what they correct."""

    class Listener:
        name = "listener"

        def __init__(self) -> None:
            self.now, self.acted, self.nights = 0.0, 0, 0
            self.heard: list[float] = []
            self.corrected = 0

        def act(self, person: int, x: object, rng: np.random.Generator, t_days: float) -> tuple[int, float]:
            assert t_days >= self.now
            self.now, self.acted = t_days, self.acted + 1
            return 0, 1.0

        def learn(self, person: int, x: object, chosen: int, reward: float, p: float, t_days: float) -> None:
            assert not self.heard or t_days >= self.heard[-1]
            self.heard.append(t_days)

        def revise(
            self, person: int, x: object, chosen: int, old: float, new: float, p: float, t_days: float
        ) -> None:
            assert (old, new) == (0.0, 1.0)
            assert t_days in self.heard
            self.corrected += 1

        def night(self, t_days: float) -> None:
            self.nights += 1
            assert t_days == self.nights

    listener = Listener()
    made = tape(WORLDS["people"], SMALL, 1)
    played = play(made, listener, np.random.default_rng(0))
    assert listener.acted == len(played.reward)
    assert listener.acted - 60 < len(listener.heard) <= listener.acted
    assert listener.corrected > 0
    assert listener.nights >= SMALL.days - 2


def test_a_stopped_run_goes_on_and_a_changed_source_starts_over(tmp_path: Path) -> None:
    done: list[str] = []

    def work(unit: Unit) -> Iterator[Line]:
        for agent in unit.agents:
            done.append(f"{unit.seed} {agent}")
            yield {"agent": agent, "mean": unit.seed * 1.0}

    units = [Unit("B", "w/low", seed, ("a", "b"), 1.0) for seed in (1, 2)]

    def go(version: str) -> list[Line]:
        return run(units, work, lambda agent: version + agent, Kept(tmp_path), 1, lambda *_: None)

    first = go("v1")
    assert done == ["1 a", "1 b", "2 a", "2 b"]
    with (tmp_path / "runs.jsonl").open("a") as file:
        file.write('{"key": "B|w/lo')  # killed while writing
    assert go("v1") == first
    assert len(done) == 4
    lines = (tmp_path / "runs.jsonl").read_text().splitlines()
    (tmp_path / "runs.jsonl").write_text("\n".join(lines[:3]) + "\n")
    assert go("v1") == first
    assert done[4:] == ["2 b"]
    go("v2")
    assert len(done) == 9


def test_ahead_of_every_peer_is_judged_by_seed_and_by_margin() -> None:
    def lines(shift: float) -> list[Line]:
        rng = np.random.default_rng(0)
        made: list[Line] = []
        for seed in range(30):
            luck = rng.normal(0, 0.1)
            # An ablation is played on the first seeds alone.
            few = (("hb_ts, no pooling", 0.2),) if seed < 10 else ()
            for agent, mean in (("hb_ts", 0.3 + shift), ("peer", 0.3), *few):
                value = mean + luck + rng.normal(0, 0.005)
                made.append(
                    {"place": "people/low", "agent": agent, "seed": seed, "mean": value}
                    | {"first_week": value, "by_day": [[value, 1]]}
                )
        return made

    passed = [[m.passed for m in closed_loop(lines(by), ["peer"]).marks] for by in (0.02, 0.006, -0.01)]
    assert passed == [[True, True, True, True], [True, False, True, True], [False, False, False, True]]
    scores = Scores.read(lines(0.02), "mean")
    assert scores.agents("people/low") == ["hb_ts", "peer", "hb_ts, no pooling"]
    assert scores.ahead("people/low", "hb_ts", "hb_ts, no pooling").n == 10


def test_the_command_writes_its_figures_and_refuses_what_it_does_not_know(tmp_path: Path) -> None:
    assert seeds_of("1,4,7-9") == [1, 4, 7, 8, 9]
    own = ["simulate", "--people", "5", "--days", "8", "--policies", "random", "--seeds", "3"]
    out = tmp_path / "out.json"
    assert main([*own, "--personas", "avoider=1", "--json", str(out)]) == 0
    assert list(json.loads(out.read_text())["runs"]["random"][0]["by_persona"]) == ["avoider"]
    with pytest.raises(SystemExit, match="no persona"):
        main([*own, "--personas", "nobody=1"])
    with pytest.raises(SystemExit, match="no track"):
        bakeoff(Namespace(tracks="X", seeds="1", quick=True, keep=tmp_path, processes=1, out=tmp_path))


def test_replay_finds_what_a_policy_would_have_earned(tmp_path: Path) -> None:
    """A log of `random` on simulated people; the truth of `urgency` comes from its own closed loop."""
    made = tape(WORLDS["goals"], Regime("logged", 60, 2.0, 14), 11)
    rng, stage = np.random.default_rng(5), made.stage
    feelings, memory = made.opened(), Memory(made)
    log = []
    for m, (t, person) in enumerate(zip(stage.moments.t, stage.moments.person, strict=True)):
        rows = memory.rows(m)
        p = np.full(len(rows), 1 / len(rows))
        chosen = draw(p, float(rng.random()))
        x = memory.x(m, rows)
        outcome = feelings.react(int(rows[chosen]))
        memory.shown(int(rows[chosen]), outcome)
        said = {"person": f"p{person}", "at": t, "names": NAMES, "values": x.tolist()}
        log.append(
            json.dumps(said | {"probabilities": p.tolist(), "chosen": chosen, "reward": outcome.value})
        )
    path, out = tmp_path / "log.jsonl", tmp_path / "out.json"
    path.write_text("\n".join(log) + "\n")
    assert main(["replay", str(path), "--policy", "random", "--json", str(out)]) == 0
    said = json.loads(out.read_text())
    assert said["estimates"]["IPS"]["value"] == pytest.approx(said["logged"])
    main(["replay", str(path), "--policy", "urgency", "--json", str(out)])
    found = json.loads(out.read_text())
    assert found["sequence"][0] < found["estimates"]["DR"]["value"] < found["sequence"][1]
    assert found["estimates"]["DR"]["value"] > found["logged"] - 0.05
    path.write_text('{"person": "a"}\n')
    with pytest.raises(SystemExit, match="Line 1"):
        main(["replay", str(path)])


def test_the_bar_says_how_far_it_is() -> None:
    out, now = io.StringIO(), iter([0.0, 61.0, 70.0, 130.0])
    bar = Bar(out, lambda: next(now))
    for done in (1.0, 1.1, 4.0):
        bar(done, 4.0, "B people/low seed 1")
    first, last = out.getvalue().splitlines()
    assert " 25%  3 min left  B people/low seed 1" in first
    assert "100%" in last
