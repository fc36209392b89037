"""What a tape and a world promise."""

import numpy as np
import pytest

from ml.experiments.memory import Memory
from ml.experiments.ours import POLICIES, ours
from ml.experiments.play import play
from ml.experiments.worlds.columns import candidates
from ml.experiments.worlds.moments import ZONES
from ml.experiments.worlds.regime import Regime
from ml.experiments.worlds.tape import WORLDS, Tape, tape
from ml.experiments.worlds.world import Outcome
from ml.features import COLUMNS, WIDTH, Batch, matrix

SMALL = Regime("small", 10, 3.0, 14)


@pytest.fixture(scope="module", params=sorted(WORLDS))
def small(request: pytest.FixtureRequest) -> Tape:
    return tape(WORLDS[request.param], SMALL, 7)


@pytest.mark.parametrize("world", sorted(WORLDS))
def test_a_seed_makes_the_same_tape_for_everyone(world: str) -> None:
    one, two = (tape(WORLDS[world], SMALL, 3) for _ in range(2))
    assert np.array_equal(one.x, two.x)
    assert np.array_equal(one.stage.item, two.stage.item)
    rows = np.random.default_rng(0).integers(0, len(one.x), 200)
    feelings = one.opened(), two.opened()
    assert [feelings[0].react(int(row)) for row in rows] == [feelings[1].react(int(row)) for row in rows]


def test_what_others_were_shown_changes_nothing_for_a_person(small: Tape) -> None:
    """Two policies that choose the same for someone see the same of them, whatever else they do."""
    stage = small.stage
    mine = [int(low) for low, p in zip(stage.start, stage.moments.person, strict=False) if p == 2]
    all_rows = [int(low) for low in stage.start[:-1]]
    alone, among = small.opened(), small.opened()
    heard_alone = [alone.react(row) for row in mine]
    heard_among = {row: among.react(row) for row in all_rows}
    assert heard_alone == [heard_among[row] for row in mine]


def test_the_columns_of_a_run_are_those_of_the_code_that_serves(small: Tape) -> None:
    """Tables and tape together equal one call with all attributes, bit for bit."""
    asked, stage = candidates(small.stage), small.stage
    rng = np.random.default_rng(1)
    feelings, memory = small.opened(), Memory(small)
    checked = 0
    for row in range(len(stage.card)):
        memory.received.hear(row, 0.0, float(rng.choice([-1.0, 0.0, 1.0])))
    memory.received.night(1.0)
    assert memory.received.of_card.any()
    for m in range(len(stage.moments.t)):
        rows = memory.rows(m)
        shown, recent, dosage, similar = memory.amounts(m, rows)
        seen, now, zone, context = asked(m)
        x = memory.x(m, rows)
        of_card = {f"{card}": value for card, value in enumerate(memory.received.of_card.tolist())}
        told = [
            {
                "id": f"{stage.card[row]}",
                **seen[row - stage.start[m]],
                "attributes": {
                    **seen[row - stage.start[m]]["attributes"],
                    "timesShown": int(shown[i]),
                    "kindRecent": float(recent[i]),
                    "dismissedSimilarity": float(similar[i]),
                },
            }
            for i, row in enumerate(rows.tolist())
        ]
        assert np.array_equal(matrix(Batch.of(told, now, ZONES[zone], dosage, context, of_card)), x)
        checked += bool(len(rows) and x[:, COLUMNS["times_shown"]].max() > 0 and similar.max() > 0)
        row = int(rng.choice(rows))
        memory.shown(row, feelings.react(row))
    assert checked > 30


def test_what_was_done_is_gone_and_what_was_dismissed_rests(small: Tape) -> None:
    stage = small.stage
    rng = np.random.default_rng(2)
    feelings, memory = small.opened(), Memory(small)
    gone: set[int] = set()
    rests: dict[int, float] = {}
    for m, t in enumerate(stage.moments.t.tolist()):
        rows = memory.rows(m)
        items = stage.item[rows].tolist()
        assert not gone & set(items)
        assert all(rests.get(item, -1.0) <= t for item in items)
        row = int(rng.choice(rows))
        outcome = feelings.react(row)
        memory.shown(row, outcome)
        if outcome.reaction == "done" and stage.task[row] >= 0:
            gone.add(int(stage.item[row]))
        if outcome.reaction == "dismiss":
            rests[int(stage.item[row])] = t + 3.0
    assert gone
    assert rests


def test_every_answer_is_one_of_the_products_and_heard_in_time(small: Tape) -> None:
    rows = np.random.default_rng(3).choice(len(small.x), 400, replace=False)
    feelings = small.opened()
    outcomes: list[Outcome] = [feelings.react(int(row)) for row in np.sort(rows)]
    assert {o.value for o in outcomes} <= {-1.0, -0.5, 0.0, 0.5, 1.0}
    assert len({o.reaction for o in outcomes}) >= 5
    for o in outcomes:
        assert 0 < o.after_days <= 1
        if o.corrected_after_days is not None:
            assert o.corrected_after_days > 1
            assert o.learned == 0
            assert o.value == 1


def test_delays_have_a_median_of_ninety_minutes() -> None:
    made = tape(WORLDS["people"], Regime("many", 40, 6.0, 14), 5)
    feelings = made.opened()
    answered = [o for o in (feelings.react(int(low)) for low in made.stage.start[:-1]) if o.reaction]
    spoken = [o.after_days * 1440 for o in answered if o.corrected_after_days is None]
    assert np.median(spoken) == pytest.approx(90, rel=0.25)


def test_a_run_repeats_itself(small: Tape) -> None:
    runs = [
        play(small, ours("hb_ts", POLICIES["hb_ts"])(WIDTH, COLUMNS, SMALL.people), np.random.default_rng(4))
        for _ in range(2)
    ]
    assert np.array_equal(runs[0].reward, runs[1].reward)
    assert np.array_equal(runs[0].probability, runs[1].probability)


def test_personas_can_be_mixed_at_will() -> None:
    world = WORLDS["people"]
    odds = tuple(1.0 if name == "avoider" else 0.0 for name in world.personas)
    made = tape(world, Regime("one", 5, 1.0, 3, personas=odds), 1)
    assert {made.stage.population.names[p] for p in made.stage.population.persona} == {"avoider"}
    with pytest.raises(ValueError, match="8 personas"):
        tape(world, Regime("two", 5, 1.0, 3, personas=(1.0, 2.0)), 1)
