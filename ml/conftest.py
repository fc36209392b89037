"""What the tests of several folders share: fixed hypothesis runs and a real PostgreSQL."""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, settings

from ml.throwaway_postgres import Database, make_database, postgres

# The same examples on every run and machine: a red test is a finding, not luck.
settings.register_profile(
    "fixed", derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("fixed")


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """A superuser's URL: the server the surrounding run provides, else one of our own until the tests end."""
    given = os.environ.get("OO_TEST_ML_DATABASE_URL")
    if given:
        yield given
        return
    with TemporaryDirectory(prefix="oo-ml-") as folder, postgres(Path(folder)) as url:
        yield url


@pytest.fixture(scope="module")
def database(server_url: str) -> Iterator[Database]:
    """A migrated database of this test file's own."""
    with make_database(server_url, f"oo_ml_test_{secrets.token_hex(6)}") as made:
        yield made
