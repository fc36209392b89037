"""The document that others generate their types from: whole, stable, and true to real answers."""

import json
import subprocess
import sys
from typing import Any

from pydantic import ConfigDict, TypeAdapter, with_config
from starlette.testclient import TestClient

from ml.serving.contract import HealthResult, ScoreResult
from ml.serving.openapi import document
from ml.serving.test_score import ask
from ml.throwaway_postgres import ROOT


def test_every_operation_is_in_it_with_its_problem() -> None:
    found = {path: list(operations) for path, operations in document()["paths"].items()}
    assert found == {
        "/score": ["post"],
        "/reward": ["post"],
        "/reset": ["post"],
        "/erase": ["post"],
        "/stats": ["get"],
        "/features": ["get"],
        "/insights": ["post"],
        "/health": ["get"],
        "/metrics": ["get"],
    }
    answers = document()["paths"]["/score"]["post"]["responses"]
    assert {"200", "401", "413", "422", "503"} <= set(answers)
    assert answers["422"]["content"]["application/json"]["schema"]["$ref"].endswith("/Problem")


def test_it_is_the_same_on_every_run() -> None:
    """Also where sets are walked through in another order."""
    here = json.dumps(document(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    command = [sys.executable, "-m", "ml.serving.openapi"]
    for seed in ("1", "2"):
        printed = subprocess.run(
            command, env={"PYTHONHASHSEED": seed}, cwd=ROOT, check=True, capture_output=True, timeout=60
        ).stdout
        assert printed.decode() == here


def test_what_refuses_unknown_fields_says_so() -> None:
    schemas: dict[str, Any] = document()["components"]["schemas"]
    closed = {name for name, schema in schemas.items() if schema.get("additionalProperties") is False}
    assert {"ScoreRequest", "Candidate", "Attributes", "Due", "RewardEvent", "PersonRequest"} <= closed


@with_config(ConfigDict(extra="forbid", strict=True))
class _Score(ScoreResult):
    """The declared answer, with nothing more allowed."""


def test_answers_are_what_it_declares(client: TestClient) -> None:
    check = TypeAdapter(_Score)
    asked: list[dict[str, Any]] = [{}, {"candidates": []}, {"trigger": "push"}]
    for changes in asked:
        check.validate_python(ask(client, **changes))
    TypeAdapter(HealthResult).validate_python(client.get("/health").json())
