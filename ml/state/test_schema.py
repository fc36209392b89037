"""Schema ml: who may do what, that every column is on the data map, and that erasing is whole and lasting."""

from uuid import UUID, uuid4

import asyncpg
import pytest

from ml.state.made_up_people import answer
from ml.throwaway_postgres import Database

COLUMNS = """
    SELECT c.relname || coalesce('.' || a.attname, '') AS what,
           CASE WHEN a.attname IS NULL THEN obj_description(c.oid, 'pg_class')
                ELSE col_description(c.oid, a.attnum) END AS says
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'ml'
    LEFT JOIN LATERAL (
      SELECT NULL::name AS attname, 0::smallint AS attnum
      UNION ALL SELECT attname, attnum FROM pg_attribute
      WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped
    ) a ON true
    WHERE c.relkind = 'r'
"""


def learned(database: Database) -> str:
    """A person with a row in every table."""
    person = str(uuid4())
    database.run(
        "oo_ml",
        "INSERT INTO ml.posteriors (person_id, policy, version, bytes, checksum)"
        " VALUES ($1, 'random', '1', '\\x01', decode(repeat('00', 16), 'hex'))",
        person,
    )
    database.run(
        "oo_ml",
        "INSERT INTO ml.terms (event_id, person_id, t_days, decision_id, part, checksum)"
        " VALUES ($1, $2, 1, 'd', 'all', decode(repeat('00', 16), 'hex'))",
        str(uuid4()),
        person,
    )
    database.run(
        "oo_ml",
        "INSERT INTO ml.heads VALUES ($1, 1, 1, decode(repeat('00', 16), 'hex'), 0, 1, 1, 'e', false,"
        " decode(repeat('00', 16), 'hex'))",
        person,
    )
    database.run(
        "oo_ml",
        "INSERT INTO ml.snapshots (person_id, policy, copy, version, frozen_t, bytes, checksum)"
        " VALUES ($1, 'random', 1, '1', 1, '\\x01', decode(repeat('00', 16), 'hex'))",
        person,
    )
    database.run(
        "oo_ml",
        "INSERT INTO ml.timing VALUES ($1, '\\x01', '\\x01', decode(repeat('00', 8), 'hex'),"
        " decode(repeat('00', 16), 'hex'))",
        person,
    )
    answer(database, [UUID(person)], agrees=True)
    return person


def unmapped(database: Database) -> list[str]:
    rows = database.run("oo_owner", COLUMNS)
    assert len(rows) > 15
    return [r["what"] for r in rows if not (r["says"] or "").startswith(("personal: ", "plain: "))]


def test_every_table_and_column_is_on_the_data_map(database: Database) -> None:
    assert unmapped(database) == []
    database.run("oo_owner", "CREATE TABLE ml.stray (secret text)")
    assert unmapped(database) == ["stray", "stray.secret"]
    database.run("oo_owner", "DROP TABLE ml.stray")


@pytest.mark.parametrize(
    "table",
    ["posteriors", "terms", "heads", "snapshots", "layouts", "timing", "erased", "pooling", "priors"],
)
@pytest.mark.parametrize("role", ["oo_api", "oo_reader"])
def test_others_do_not_read_the_tables(database: Database, role: str, table: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        database.run(role, f"SELECT * FROM ml.{table}")  # noqa: S608


@pytest.mark.parametrize("call", ["export_person", "erase_person"])
def test_only_the_api_and_ml_may_call_the_functions(database: Database, call: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        database.run("oo_reader", f"SELECT ml.{call}($1)", uuid4())
    database.run("oo_api", f"SELECT ml.{call}($1)", uuid4())


def test_ml_cannot_unremember_an_erasure_nor_change_the_schema(database: Database) -> None:
    for sql in ("DELETE FROM ml.erased", "CREATE TABLE ml.mine ()", "DROP TABLE ml.posteriors"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            database.run("oo_ml", sql)


def test_export_holds_each_row_of_the_person_and_no_other(database: Database) -> None:
    person, _other = learned(database), learned(database)
    rows = database.run("oo_api", "SELECT ml.export_person($1)->>'table' AS name", person)
    tables = ["heads", "pooling", "posteriors", "snapshots", "terms", "timing"]
    assert sorted(r["name"] for r in rows) == [f"ml.{table}" for table in tables]


def test_erasing_leaves_nothing_of_the_person_and_all_of_the_others(database: Database) -> None:
    person, other = learned(database), learned(database)
    erase = "SELECT ml.erase_person($1) AS gone"
    assert database.run("oo_api", erase, person)[0]["gone"] == 6
    assert database.run("oo_api", erase, person)[0]["gone"] == 0
    export = "SELECT ml.export_person($1)"
    assert (len(database.run("oo_api", export, person)), len(database.run("oo_api", export, other))) == (0, 6)


def test_an_outsider_cannot_shadow_what_the_functions_call(database: Database) -> None:
    rows = database.run(
        "oo_owner",
        "SELECT proname, proconfig FROM pg_proc WHERE pronamespace = 'ml'::regnamespace ORDER BY 1",
    )
    assert [r["proname"] for r in rows] == [
        "ask_pooling",
        "erase_person",
        "export_person",
        "hear_pooling",
        "latest_findings",
        "leave_pooling",
        "lock_people",
        "lock_person",
        "person_hash",
    ]
    assert all(r["proconfig"] == ["search_path=pg_catalog, pg_temp"] for r in rows)
