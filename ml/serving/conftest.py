"""A running app for the route tests, with its database and without."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from ml.serving.app import create_app
from ml.serving.policies import Policies
from ml.serving.settings import Settings
from ml.throwaway_postgres import Database

SECRET = "a-secret-of-the-tests-0123456789-abcdef"  # noqa: S105
Open = Callable[..., TestClient]


@pytest.fixture
def open_app() -> Iterator[Open]:
    """Builds an app, starts it, and stops it after the test."""
    with ExitStack() as stack:

        def build(
            database_url: str | None = None, policies: Policies | None = None, **changes: Any
        ) -> TestClient:
            said: dict[str, Any] = {"policy": "urgency", "shadows": ("random",), "holdback": 0.0, **changes}
            settings = Settings(port=0, bind="127.0.0.1", secret=SECRET, database_url=database_url, **said)
            client = TestClient(
                create_app(settings, policies), headers={"x-oo-secret": SECRET}, raise_server_exceptions=False
            )
            return stack.enter_context(client)

        yield build


@pytest.fixture
def client(open_app: Open) -> TestClient:
    return open_app()


@pytest.fixture
def learning(open_app: Open, database: Database) -> TestClient:
    """With a database, as oo_ml."""
    return open_app(database.url("oo_ml"))


@pytest.fixture
def person() -> str:
    return str(uuid4())
