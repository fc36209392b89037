"""A database that crashes and comes back: tips come all the while, and learning goes on where it stopped."""

import signal
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest

from ml.serving.conftest import Open
from ml.serving.test_learning import event, learned
from ml.serving.test_score import request
from ml.throwaway_postgres import Server, make_database, server

TRIES = 20


@pytest.fixture
def own_server() -> Iterator[Server]:
    """One that may be crashed without hurting the other tests."""
    with TemporaryDirectory(prefix="oo-ml-") as folder, server(Path(folder)) as running:
        yield running


def test_a_crash_costs_no_tip_and_no_reward(open_app: Open, own_server: Server) -> None:
    with make_database(own_server.url, "outage") as database:
        client, person = open_app(database.url("oo_ml")), str(uuid4())
        first, second = event(person), event(person)
        assert client.post("/reward", json={"events": [first]}).status_code == 200

        own_server.stop(signal.SIGQUIT)
        assert client.post("/score", json=request(personId=person)).json()["chosen"]
        assert client.post("/reward", json={"events": [second]}).status_code == 503
        assert client.get("/health").json()["status"] == "degraded"

        own_server.start()
        statuses = [
            client.post("/reward", json={"events": [first, second]}).status_code for _ in range(TRIES)
        ]
        assert statuses[-1] == 200
        assert statuses.count(503) <= 4, "each lost connection costs one try at most"
        assert learned(database, person) == {"urgency": 2, "random": 2}
        assert client.get("/health").json()["status"] == "ok"
