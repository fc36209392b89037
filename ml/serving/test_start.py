"""The process: it starts with good settings, refuses bad ones with one sentence, and stops cleanly."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from time import monotonic

import pytest

from ml.serving.conftest import SECRET
from ml.serving.settings import SettingsError, read

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-m", "ml.serving"]


def environment(**said: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("OO_", "ML_"))}
    return {**kept, "ML_SHARED_SECRET": SECRET, "OO_ML_PORT": "0", **said}


@contextmanager
def running(**said: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A real server on a free port; its log's first line says which."""
    process = subprocess.Popen(COMMAND, cwd=ROOT, env=environment(**said), stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        found = None
        for line in process.stderr:
            found = re.search(r"listens on http://127\.0\.0\.1:(\d+)", json.loads(line)["message"])
            if found:
                break
        assert found, "the server ended before it listened"
        yield process, int(found[1])
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=10)


def test_it_serves_and_stops_on_sigterm_within_five_seconds() -> None:
    with running() as (process, port):
        with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
            connection.request("GET", "/health")
            assert json.loads(connection.getresponse().read())["status"] == "degraded"
        began = monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=6) == 0
        assert monotonic() - began < 5
        with pytest.raises(OSError):  # noqa: PT011 - refused or reset, both mean gone
            socket.create_connection(("127.0.0.1", port), timeout=1)


def refused(**said: str) -> str:
    done = subprocess.run(
        COMMAND, cwd=ROOT, env=environment(**said), capture_output=True, text=True, timeout=20, check=False
    )
    assert (done.returncode, done.stdout) == (1, "")
    return done.stderr


def test_a_taken_port_is_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = refused(OO_ML_PORT=str(port))
    assert said == f"Port {port} on 127.0.0.1 is taken: stop what uses it or set OO_ML_PORT.\n"


@pytest.mark.parametrize(
    ("setting", "value", "says"),
    [
        ("ML_SHARED_SECRET", "", "ML_SHARED_SECRET is not set"),
        ("ML_SHARED_SECRET", "short", "too weak"),
        ("ML_SHARED_SECRET", "a" * 64, "too weak"),
        ("OO_ML_PORT", "http", "OO_ML_PORT must be a port number"),
        ("OO_ML_PORT", "70000", "OO_ML_PORT must be a port number"),
        ("OO_BIND", "everywhere", "OO_BIND must be an IP address"),
        ("OO_ML_DATABASE_URL", "mysql://x", "must begin with postgresql://"),
        ("OO_ML_HOLDBACK", "5%", "OO_ML_HOLDBACK must be a number from 0 to 1"),
        ("OO_ML_HOLDBACK", "1.5", "OO_ML_HOLDBACK must be a number from 0 to 1"),
        ("OO_ML_PUSH_PRICE", "-1", "OO_ML_PUSH_PRICE must be a number from 0 to 1"),
    ],
)
def test_a_bad_setting_is_a_sentence_that_keeps_the_secret(setting: str, value: str, says: str) -> None:
    with pytest.raises(SettingsError, match=says) as raised:
        read(environment(**{setting: value}))
    assert setting in str(raised.value)
    assert value not in str(raised.value) or setting != "ML_SHARED_SECRET" or not value


def test_a_bad_setting_stops_the_process_with_that_sentence() -> None:
    assert refused(ML_SHARED_SECRET="short").count("\n") == 1  # noqa: S106
    assert refused(OO_ML_POLICY="psychic").startswith("OO_ML_POLICY: There is no policy named 'psychic'")
    assert refused(OO_ML_SHADOWS="random,psychic").startswith("OO_ML_SHADOWS: There is no policy")


def test_defaults_are_loopback_8000_hb_ts_with_random_in_its_shadow() -> None:
    settings = read({"ML_SHARED_SECRET": SECRET})
    assert (settings.bind, settings.port, settings.policy) == ("127.0.0.1", 8000, "hb_ts")
    assert (settings.shadows, settings.database_url, settings.warnings) == (("random",), None, ())
    assert (settings.holdback, settings.push_price) == (0.05, 0.1)


def test_shadows_are_a_list_without_the_incumbent_and_an_unknown_name_is_a_hint() -> None:
    said = {"ML_SHARED_SECRET": SECRET, "OO_ML_SHADOWS": " random, hb_ts,random", "OO_ML_POLCY": "random"}
    settings = read(said)
    assert settings.shadows == ("random",)
    assert settings.warnings == ("OO_ML_POLCY is not a setting of ml. Did you mean OO_ML_POLICY?",)
    assert read({**said, "OO_ML_SHADOWS": ""}).shadows == ()


@pytest.mark.parametrize("days", ["1", "4000", "many"])
def test_terms_are_kept_a_sane_number_of_days(days: str) -> None:
    with pytest.raises(SettingsError, match="OO_ML_RETENTION_DAYS must be a number of days from 2 to 3650"):
        read(environment(OO_ML_RETENTION_DAYS=days))
