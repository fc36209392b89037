"""The peers' tests need the peers: they are collected in `.venv-lab` and nowhere else (`npm test -- lab`)."""

from importlib.util import find_spec

import pytest

LAB = ("peers/test_*.py", "tracks/test_bakeoff.py", "tracks/test_offpolicy.py")
collect_ignore_glob = [] if find_spec("vowpalwabbit") else list(LAB)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if any(item.path.match(pattern) for pattern in LAB):
            item.add_marker("lab")
