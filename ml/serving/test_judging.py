"""The judge beside serving: its figures arrive, and whatever becomes of it, ml goes on."""

import asyncio
import json
from pathlib import Path
from uuid import uuid4

from ml.serving.conftest import Open
from ml.serving.judging import Judging
from ml.serving.metrics import Metrics
from ml.throwaway_log import add_log_tables
from ml.throwaway_postgres import Database


def judged(url: str, deadline_s: float = 60.0) -> str:
    return asyncio.run(Judging(url, Metrics()).round(deadline_s))


def test_the_judge_runs_as_a_child_and_leaves_its_figures(database: Database) -> None:
    assert judged(database.url("oo_ml")) == "failed", "the log has no tables here yet"
    add_log_tables(database)
    assert judged(database.url("oo_ml")) == "done"
    assert judged(database.url("oo_ml")) == "done"
    found = database.run("oo_ml", "SELECT figures FROM ml.findings")
    assert len(found) == 1, "once an hour, however often it is asked"
    assert json.loads(found[0]["figures"])["decisions"] == 0


def test_a_judge_that_hangs_is_stopped_and_one_without_a_database_fails(tmp_path: Path) -> None:
    assert judged("postgresql://oo_ml@127.0.0.1:1/oo") == "failed"
    assert judged("postgresql://oo_ml@127.0.0.1:1/oo", deadline_s=0.0) == "late"


def test_serving_stops_while_the_judge_waits(open_app: Open, database: Database) -> None:
    client = open_app(database.url("oo_ml"))
    assert client.get(f"/stats?personId={uuid4()}").status_code == 200
