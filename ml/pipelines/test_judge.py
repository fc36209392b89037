"""The judge: right about known worlds, silent about what it cannot know, loud where a log is not true."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import asyncpg
import numpy as np
import pytest

from ml.pipelines.judge import judge
from ml.pipelines.log import DAY_S, Decision, Log, Standing, Watcher, read_lines
from ml.policy.base import Floats
from ml.throwaway_log import add_log_tables
from ml.throwaway_postgres import ROOT, Database, wait_for

NOW = 20_000.0
NAMES = ("intercept", "good")
USUAL = np.array([0.5, 0.3, 0.2])
BETTER = np.array([0.2, 0.2, 0.6])
WORTH = np.array([-0.2, 0.1, 0.5])
"""what each candidate earns on average: the better policy gains 0.27"""


def decision(rng: np.random.Generator, person: int, t: float, p: Floats = USUAL, **more: Any) -> Decision:
    order = rng.permutation(3)
    chosen = int(rng.choice(3, p=p[order]))
    worth = WORTH[order][chosen]
    given: dict[str, Any] = {
        "policy": "hb_ts",
        "version": "1",
        "watchers": {"lints": Watcher("2", BETTER[order], 1.0)},
        "reward": float(rng.choice([-1.0, 1.0], p=[(1 - worth) / 2, (1 + worth) / 2])),
        "kind": "todo" if order[chosen] else "advice",
    }
    x = np.column_stack([np.ones(3), WORTH[order]])
    return Decision(f"p{person}", t, p=p[order], chosen=chosen, names=NAMES, x=x, score=worth, **given | more)


def world(people: int = 40, days: int = 20, **more: Any) -> list[Decision]:
    rng = np.random.default_rng(1)
    when = sorted((NOW - days + days * rng.random(), person) for person in range(people) for _ in range(30))
    return [decision(rng, person, t, **more) for t, person in when]


def figures(log: Log | list[Decision], policy: str = "lints") -> dict[str, Any]:
    told = judge(log if isinstance(log, Log) else Log(log), NOW)
    found: dict[str, Any] = told["policies"].get(policy, {})
    return found


def alarm_kinds(decisions: list[Decision]) -> set[str]:
    return {alarm["kind"] for alarm in judge(Log(decisions), NOW)["alarms"]}


def test_replay_finds_what_a_shadow_would_have_earned() -> None:
    replay = figures(world())["replay"]
    truth = float((BETTER - USUAL) @ WORTH)
    assert replay["low"] < truth < replay["high"]
    assert abs(replay["value"] - truth) < 0.1
    assert (replay["rows"], replay["people"]) == (1200, 40)
    assert 500 < replay["ess"] < 1200


def test_only_this_version_counts_and_unrewarded_or_unscored_decisions_do_not() -> None:
    rows = world()
    early = [replace(d, watchers={"lints": Watcher("1", USUAL, 1.0)}) for d in rows[:600]]
    late = rows[600:]
    waiting = [replace(d, reward=np.nan) for d in late[:100]]
    fallback = [replace(d, policy="fallback", watchers={}) for d in late[100:200]]
    pushes = [replace(d, trigger="push", names=(*d.names, "push_hour")) for d in late[-50:]]
    found = figures([*early, *waiting, *fallback, *late[200:], *pushes])
    assert (found["version"], found["replay"]["rows"]) == ("2", 400)


def test_a_prior_that_is_fitted_every_night_does_not_make_it_another_policy() -> None:
    rows = world()
    nightly = [
        replace(d, watchers={"lints": replace(d.watchers["lints"], version=f"2+pooled-{d.t:.0f}")})
        for d in rows
    ]
    found = figures(nightly)
    assert found["version"] == nightly[-1].watchers["lints"].version
    assert (found["replay"]["rows"], found["watched"]["missing"]) == (1200, 0)


def test_how_it_watched_is_counted() -> None:
    rows = world()
    lost = [replace(d, watchers={}) if 100 <= i < 112 else d for i, d in enumerate(rows)]
    slow = [
        replace(d, watchers={"lints": replace(d.watchers["lints"], ms=50.0)}) if i % 50 == 40 else d
        for i, d in enumerate(lost)
    ]
    watched = figures(slow)["watched"]
    assert (watched["decisions"], watched["missing"], watched["p99Ms"]) == (1188, 12, 50.0)
    assert watched["agreement"] == pytest.approx(float(np.minimum(USUAL, BETTER).sum()))
    assert 19 < watched["days"] < 20


def test_nothing_sure_is_told_as_nothing() -> None:
    assert judge(Log([]), NOW)["policies"] == {}
    one = figures(world(people=1)[:1])
    assert one["replay"] is None
    assert one["canary"] is None
    json.dumps(judge(Log(world(people=2)[:3]), NOW), allow_nan=False)


STANDING = Standing("lints", "canary_20", NOW - 20, "e1")


def on_trial(people: int = 600, gain: float = 0.0, refused: float = 0.0, share: float = 0.2) -> Log:
    rng = np.random.default_rng(7)
    rows = []
    for person in range(people):
        new = bool(rng.random() < share)
        first = NOW - 19 + 8 * rng.random()
        for _ in range(6):
            mean = 0.1 + gain * new
            reward = float(rng.choice([-1.0, 1.0], p=[(1 - mean) / 2, (1 + mean) / 2]))
            said = "dismiss" if rng.random() < 0.1 + refused * new else "helpful"
            t, arm = first + 6 * rng.random(), "new" if new else "usual"
            more: dict[str, Any] = {"reward": reward, "reaction": said, "experiment": "e1", "arm": arm}
            rows.append(decision(rng, person, t, **more))
    return Log(sorted(rows, key=lambda d: d.t), [STANDING])


def test_a_trial_sees_harm_and_gain_and_neither_where_there_is_none() -> None:
    same, worse, better = (figures(on_trial(gain=gain))["canary"] for gain in (0.0, -0.9, 0.9))
    assert same["low"] < 0 < same["high"]
    assert worse["high"] < 0
    assert better["low"] > 0
    assert 90 < same["treated"] < 150
    assert same["treated"] + same["others"] == 599  # one began less than eight days ago
    assert (same["experiment"], same["state"], same["days"]) == ("e1", "canary_20", 20.0)


def test_a_guardrail_that_leaves_its_band_is_seen() -> None:
    for refused, leaves in ((0.0, False), (0.7, True)):
        guardrails = {g["name"]: g for g in figures(on_trial(refused=refused))["canary"]["guardrails"]}
        assert (guardrails["refusals"]["low"] > guardrails["refusals"]["band"]) is leaves
        assert guardrails["opt_outs"]["low"] <= 0 <= guardrails["opt_outs"]["high"]


def test_people_who_leave_because_of_it_are_counted_on_their_side() -> None:
    log = on_trial()
    firsts = {d.person: d for d in reversed(log.decisions)}
    gone = [(d.person, d.t + 1) for d in firsts.values() if d.arm == "new"]
    too_late = [(d.person, d.t + 7.5) for d in firsts.values() if d.arm == "usual"]
    found = figures(replace(log, opt_outs=[*gone, *too_late]))["canary"]
    (opt_outs,) = (g for g in found["guardrails"] if g["name"] == "opt_outs")
    assert opt_outs["low"] > opt_outs["band"]


def test_who_was_not_in_this_step_for_a_week_and_a_day_is_not_judged_yet() -> None:
    log = on_trial()
    fresh = [replace(d, t=NOW - 7.9 + (d.t - (NOW - 19)) / 20) for d in log.decisions]
    found = figures(Log(fresh, [STANDING]))["canary"]
    assert (found["treated"], found["others"]) == (0, 0)
    before = figures(Log(log.decisions, [replace(STANDING, since=NOW)]))
    other = figures(Log(log.decisions, [replace(STANDING, experiment="e2")]))
    assert before["canary"] is None
    assert other["canary"] is None


def test_groups_of_the_wrong_size_are_an_alarm() -> None:
    for share, kinds in ((0.2, set()), (0.4, {"sample_ratio"})):
        assert {a["kind"] for a in judge(on_trial(share=share), NOW)["alarms"]} == kinds


def test_a_true_and_steady_log_raises_no_alarm() -> None:
    assert alarm_kinds(world()) == set()


def test_a_log_that_is_not_what_was_drawn_is_an_alarm() -> None:
    best = [replace(d, chosen=int(d.p.argmax())) for d in world()]
    assert "propensities" in alarm_kinds(best)


def test_a_policy_that_tries_nothing_is_an_alarm() -> None:
    sure = np.array([0.999, 0.0005, 0.0005])
    assert "collapse" in alarm_kinds(world(p=sure))


def test_a_world_that_moved_is_an_alarm_by_what_moved() -> None:
    rows = world()
    moved = [replace(d, x=d.x + np.array([0.0, 1.0])) if d.t > NOW - 7 else d for d in rows]
    assert alarm_kinds(moved) == {"features"}
    scores = [replace(d, score=d.score + 1) if d.t > NOW - 7 else d for d in rows]
    assert alarm_kinds(scores) == {"predictions"}
    soured = [replace(d, reward=-1.0) if d.t > NOW - 7 and i % 2 else d for i, d in enumerate(rows)]
    assert alarm_kinds(soured) == {"rewards"}


def line(d: Decision) -> str:
    shadows = [
        {"policy": name, "version": w.version, "probabilities": w.p.tolist(), "latencyMs": w.ms}
        for name, w in d.watchers.items()
    ]
    return json.dumps(
        {"person": d.person, "at": d.t, "names": d.names, "values": d.x.tolist(), "chosen": d.chosen,
         "probabilities": d.p.tolist(), "reward": d.reward, "policy": d.policy, "version": d.version,
         "shadows": shadows, "kind": d.kind}
    )  # fmt: skip


def test_the_command_reads_lines_and_prints_one_json(tmp_path: Path) -> None:
    rows = world(people=10)
    log = tmp_path / "log.jsonl"
    log.write_text("\n".join(map(line, rows)) + "\n")
    at = datetime.fromtimestamp(NOW * DAY_S, UTC).isoformat()
    words = [sys.executable, "-m", "ml.pipelines.judge", "--log", str(log), "--now", at]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    told = json.loads(done.stdout)
    assert (told["decisions"], told["incumbent"]) == (300, "hb_ts")
    assert told["policies"]["lints"]["replay"] == figures(rows)["replay"]
    with pytest.raises(ValueError, match="Line 2 of the log is no decision"):
        read_lines([line(rows[0]), '{"person": 1}'])


_DECISION = """
    INSERT INTO recommender.decisions (id, person_id, at, trigger, policy, policy_version, chosen, candidates,
           ineligible, probabilities, scores, feature_names, features, shadows, latency_ms)
    VALUES ($1, $2, to_timestamp($3), 'open', $4, $5, $6, $7, '[]', $8, $9, $10, $11, $12, 5)
"""
_OUTCOME = """
    INSERT INTO recommender.outcomes (decision_id, outcome, closed, told, reward_id, earned_from, reward)
    VALUES ($1, 'reacted', true, 1, 'r', 'r', $2)
"""


@pytest.fixture(scope="module")
def whole(database: Database) -> Database:
    """With the tables that the views read."""

    add_log_tables(database)
    return database


def floats(values: Floats) -> bytes:
    return values.astype("<f4").tobytes()


def put(database: Database, rows: list[Decision]) -> None:
    async def write() -> None:
        connection = await asyncpg.connect(database.admin_url, timeout=5)
        items = [f"todoist:{i}" for i in range(3)]
        for i, d in enumerate(rows):
            shadows = json.loads(line(d))["shadows"]
            told = json.dumps([{**shadow, "chosen": "secret:1"} for shadow in shadows])
            identity, person = uuid5(NAMESPACE_OID, f"d{i}"), uuid5(NAMESPACE_OID, d.person)
            at, chosen = d.t * DAY_S, items[d.chosen or 0]
            blocks = (floats(d.p), floats(np.zeros(3)), NAMES, floats(d.x))
            given = (identity, person, at, d.policy, d.version, chosen, items, *blocks, told)
            await connection.execute(_DECISION, *given)
            await connection.execute(_OUTCOME, identity, d.reward)
        await connection.close()

    wait_for(write())


def from_database(database: Database, every_s: int = 3000) -> str:
    at = datetime.fromtimestamp(NOW * DAY_S, UTC).isoformat()
    words = ["-m", "ml.pipelines.judge", "--database", "--now", at, "--every-s", str(every_s)]
    done = subprocess.run(
        [sys.executable, *words], input=database.url("oo_ml") + "\n",
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    return done.stdout


def test_from_the_database_it_finds_the_same_and_keeps_it_where_the_api_looks(whole: Database) -> None:
    rows = world(people=10)
    put(whole, rows)
    told = json.loads(from_database(whole))
    ours, theirs = figures(rows)["replay"], told["policies"]["lints"]["replay"]
    assert theirs == pytest.approx(ours, rel=0.05)  # other ids, so other folds of people
    assert told["policies"]["lints"]["watched"]["p99Ms"] == 1.0
    kept = whole.run("oo_api", "SELECT ml.latest_findings() AS found")[0]["found"]
    assert json.loads(kept) == told
    assert from_database(whole) == "", "somebody judged a moment ago"


def test_ml_sees_numbers_of_the_log_and_neither_its_items_nor_its_tables(whole: Database) -> None:
    row = whole.run("oo_ml", "SELECT * FROM analytics.ml_decisions LIMIT 1")
    assert "todoist" not in str(row)
    assert "secret" not in str(row)
    for closed in ("SELECT 1 FROM recommender.decisions", "SELECT 1 FROM profile.consents"):
        with pytest.raises(Exception, match="permission denied"):
            whole.run("oo_ml", closed)
    with pytest.raises(Exception, match="permission denied"):
        whole.run("oo_api", "SELECT 1 FROM ml.findings")
