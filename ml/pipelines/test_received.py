"""How cards were received goes into the night's fit: of who agreed, as long as it is theirs to tell of."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from ml.features import COLUMNS, NAMES, PARTS, WIDTH
from ml.features.received import DAYS, DOUBT
from ml.pipelines.log import DAY_S
from ml.pipelines.pooling import pool
from ml.policy import make
from ml.policy.prior import PriorFile, from_json, shipped
from ml.state import Store, Term
from ml.state.learning import Learning
from ml.state.made_up_people import DAY, answer, teach
from ml.throwaway_log import add_log_tables
from ml.throwaway_postgres import Database, make_database, wait_for

PEOPLE = [UUID(int=(11 << 96) + at) for at in range(8)]
AGREED = PEOPLE[:6]
WALK, SIT, NEW = "move-walk", "move-sit", "rest-new"
DECIDED = """
    INSERT INTO recommender.decisions (id, person_id, at, trigger, policy, policy_version, chosen, candidates,
           ineligible, probabilities, scores, feature_names, features, shadows, latency_ms)
    VALUES ($1, $2, to_timestamp($3), 'open', 'hb_ts', '1', 'x', '{x}', '[]', '', '', '{}', '', '[]', 5)
"""
SHOWN = """
    INSERT INTO recommender.tips
           (id, decision_id, person_id, source, external_id, kind, created_at, expires_at)
    SELECT id, id, person_id, $2, $3, 'advice', at, at FROM recommender.decisions WHERE id = $1
"""
EARNED = """
    INSERT INTO recommender.outcomes
           (decision_id, outcome, closed, told, reward_id, earned_from, reward, part)
    VALUES ($1, 'reacted', true, 1, 'r', 'r', $2, $3)
"""
UNNAMED = """
    SELECT event_id, t_days, decision_id, part, reward, x, layout, replaces
      FROM ml.terms WHERE person_id = $1 AND decision_id = 'd' LIMIT 1
"""
TAUGHT = "UPDATE ml.terms SET decision_id = $3, checksum = $4 WHERE person_id = $1 AND event_id = $2"


@pytest.fixture
def house(server_url: str) -> Iterator[Database]:
    """Six of eight agreed; everyone liked to walk, nobody liked to sit; four met the new card."""
    with make_database(server_url, f"oo_ml_received_{uuid4().hex[:8]}") as database:
        add_log_tables(database)
        teach(database, make("hb_ts", WIDTH, shipped(NAMES), COLUMNS), PEOPLE)
        for at, person in enumerate(PEOPLE):
            tip(database, person, WALK, 1.0)
            tip(database, person, SIT, -1.0)
            if at < 4:
                tip(database, person, NEW, 1.0)
        answer(database, AGREED, agrees=True)
        yield database


def tip(
    database: Database, person: UUID, card: str, reward: float, days_ago: float = 1.0, **more: str
) -> None:
    """One that was shown, and what it earned; ml learned of it unless `untaught`."""
    decision = uuid4()
    database.run("oo_owner", DECIDED, decision, person, (DAY - days_ago) * DAY_S)
    database.run("oo_owner", SHOWN, decision, more.get("source", "library"), card)
    database.run("oo_owner", EARNED, decision, reward, more.get("part", "all"))
    if "untaught" not in more:
        term = replace(Term(*database.run("oo_ml", UNNAMED, person)[0]), decision_id=str(decision))
        database.run("oo_ml", TAUGHT, person, term.event_id, term.decision_id, term.checksum(person))


def reset(database: Database, people: Sequence[UUID]) -> None:
    """As the api asks for it."""
    learning = Learning((make("hb_ts", WIDTH, shipped(NAMES), COLUMNS),), NAMES, PARTS)

    async def run() -> None:
        store = await Store.open(database.url("oo_ml"))
        for person in people:
            await store.reset(person, learning)
        await store.close()

    asyncio.run(run())


def fitted(database: Database) -> PriorFile:
    found = wait_for(pool(database.url("oo_ml"), "hb_ts", DAY, 30.0))
    assert found is not None
    assert found.outcome == "fitted", found.said
    rows = database.run("oo_ml", "SELECT version, file FROM ml.priors ORDER BY seq DESC LIMIT 1")
    file = from_json(rows[0]["file"])
    assert file.prior.version == found.version == rows[0]["version"]
    return file


def test_of_who_agreed_a_card_is_held_against_its_theme_and_few_people_say_nothing(
    house: Database,
) -> None:
    n = len(AGREED)
    expected = {f"library:{WALK}": n / (n + DOUBT), f"library:{SIT}": -n / (n + DOUBT)}
    assert fitted(house).received == pytest.approx(expected)


def test_what_is_no_card_or_old_or_of_its_hour_alone_or_was_reset_says_nothing(house: Database) -> None:
    before = fitted(house)
    for person in AGREED:
        tip(house, person, WALK, -1.0, days_ago=DAYS + 1.0)
        tip(house, person, WALK, -1.0, part="timing")
        tip(house, person, WALK, -1.0, untaught="yes")
        tip(house, person, "move-task", -1.0, source="todoist")
    after = fitted(house)
    assert (after.received, after.prior.version) == (before.received, before.prior.version)


def test_another_answer_about_cards_is_another_version(house: Database) -> None:
    before = fitted(house)
    tip(house, AGREED[0], WALK, -1.0)
    after = fitted(house)
    assert (after.prior.mean == before.prior.mean).all()
    assert after.received[f"library:{WALK}"] < before.received[f"library:{WALK}"]
    assert after.prior.version != before.prior.version


def test_who_resets_what_was_learned_says_nothing_of_cards_either(house: Database) -> None:
    fitted(house)
    reset(house, AGREED[:1])
    n = len(AGREED) - 1
    assert fitted(house).received[f"library:{WALK}"] == pytest.approx(n / (n + DOUBT))


def test_who_leaves_is_in_it_no_more_and_what_they_were_in_is_gone(house: Database) -> None:
    fitted(house)
    answer(house, AGREED[:1], agrees=False)
    n = len(AGREED) - 1
    assert fitted(house).received[f"library:{WALK}"] == pytest.approx(n / (n + DOUBT))
    assert len(house.run("oo_ml", "SELECT 1 FROM ml.priors")) == 1
    answer(house, AGREED[1:2], agrees=False)
    left = wait_for(pool(house.url("oo_ml"), "hb_ts", DAY, 30.0))
    assert left is not None
    assert (left.outcome, left.people) == ("shipped", 4)
