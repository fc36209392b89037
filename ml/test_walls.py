"""Who may import whom in ml, and who may read the environment. Each rule is shown to catch its breach."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ML = Path(__file__).resolve().parent
DOORS = ("ml.serving", "ml.pipelines", "ml.experiments")
DRIVERS = ("asyncpg", "psycopg", "psycopg2", "sqlalchemy", "sqlite3")
WEB = ("fastapi", "starlette", "uvicorn", "pydantic", "httpx", "httpx2", "requests")
PURE = (*DOORS, *DRIVERS, *WEB, "ml.state", "ml.registry")
FORBIDDEN: dict[str, tuple[str, ...]] = {
    "ml.features": (*PURE, "ml.policy", "ml.reward"),
    "ml.policy": (*PURE, "ml.features", "ml.reward"),
    "ml.reward": (*PURE, "ml.features", "ml.policy"),
    "ml.state": (*DOORS, *WEB),
    "ml.evaluate": PURE,
    "ml.registry": DOORS,
    **{door: tuple(other for other in DOORS if other != door) for door in DOORS},
}
# What only one place may know.
ONLY = {"nats": ("ml.serving.consume",), "litellm": ("ml.serving.llm",), "mlflow": ("ml.registry",)}
READS_ENVIRONMENT = "ml.serving.settings"


def _within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def imports(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def breaches(module: str, source: str) -> list[str]:
    walls = [wall for package, names in FORBIDDEN.items() if _within(module, package) for wall in names]
    walls += [name for name, homes in ONLY.items() if not any(_within(module, home) for home in homes)]
    found = [f"{module} imports {name}" for name in imports(source) for wall in walls if _within(name, wall)]
    reads = any(
        isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv")
        for node in ast.walk(ast.parse(source))
    )
    if (reads or {"os.environ", "os.getenv"} & set(imports(source))) and module != READS_ENVIRONMENT:
        found.append(f"{module} reads the environment")
    return found


def _modules() -> list[Path]:
    tests = ("test_", "conftest", "throwaway_")
    return [file for file in sorted(ML.rglob("*.py")) if not file.name.startswith(tests)]


def test_nobody_looks_over_a_wall() -> None:
    modules = _modules()
    assert len(modules) > 30
    found = [
        breach
        for file in modules
        for breach in breaches(".".join(file.relative_to(ML.parent).with_suffix("").parts), file.read_text())
    ]
    assert found == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("ml.features.age", "import fastapi"),
        ("ml.policy.hb_ts", "from asyncpg import connect"),
        ("ml.policy.hb_ts", "from ml import serving"),
        ("ml.policy.hb_ts", "def f():\n    import ml.serving.app"),
        ("ml.reward.table", "from ml.pipelines.fold import fold"),
        ("ml.serving.score", "from ml.experiments import simulator"),
        ("ml.pipelines.fold", "import ml.serving.learn"),
        ("ml.evaluate.ips", "from ml.state import Store"),
        ("ml.evaluate.ips", "import asyncpg"),
        ("ml.serving.app", "import nats"),
        ("ml.serving.app", "import os\nos.environ['X']"),
        ("ml.features.age", "from os import getenv"),
    ],
)
def test_a_breach_is_seen(module: str, source: str) -> None:
    assert breaches(module, source)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("ml.serving.score", "from ml.policy import make\nfrom ml.state import Store\nimport fastapi"),
        ("ml.serving.settings", "import os\nos.environ"),
        ("ml.policy.hb_ts", "import numpy\nfrom ml.policy.base import Policy"),
    ],
)
def test_what_is_allowed_is_left_alone(module: str, source: str) -> None:
    assert breaches(module, source) == []


def test_files_stay_readable_and_folders_say_what_they_are() -> None:
    long = [f.name for f in ML.rglob("*.py") if len(f.read_text().splitlines()) > 400]
    assert long == []
    folders = [ML, *(f for f in ML.iterdir() if f.is_dir() and f.name != "__pycache__")]
    assert [f.name for f in folders if not (f / "README.md").is_file()] == []
