"""The locks install anywhere with hashes alone: no address, no option, one version on both sides."""

import re
from collections import defaultdict
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parent.parent / "requirements"
# and how many packages it holds at least
LOCKS = {"serving": 10, "dev": 10, "nats": 1, "caldav": 10, "lab": 40}
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^\s;]+)( ; [^\\]+)? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")
MOVES_WITH_PYTHON = {"numpy"}  # its newest release needs a newer Python than our oldest


def faults(text: str) -> list[str]:
    """Lines that are neither a pin nor a hash, and pins without a hash."""
    lines = text.splitlines()
    odd = [line for line in lines if not PIN.match(line) and not HASH.match(line)]
    return odd + [
        line
        for line, after in zip(lines, [*lines[1:], ""], strict=True)
        if line.endswith("\\") and not HASH.match(after)
    ]


def pins(name: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for line in (FOLDER / f"{name}.txt").read_text().splitlines():
        if match := PIN.match(line):
            found[match[1]].add(match[2])
    return found


@pytest.mark.parametrize(("name", "least"), LOCKS.items())
def test_a_lock_is_pins_and_hashes_only(name: str, least: int) -> None:
    assert faults((FOLDER / f"{name}.txt").read_text()) == []
    assert len(pins(name)) >= least


def test_every_lock_is_held() -> None:
    assert {file.stem for file in FOLDER.glob("*.txt")} == set(LOCKS)


@pytest.mark.parametrize(
    "line",
    [
        "--index-url somewhere",
        "--find-links /a/folder",
        "# made from a folder",
        "numpy @ file:///a/folder/numpy.whl \\",
        "numpy>=2 \\",
        "numpy==2.4.6 \\",
    ],
)
def test_anything_else_is_seen(line: str) -> None:
    assert faults(line)


@pytest.mark.parametrize(("more", "less"), [("dev", "serving"), ("lab", "dev")])
def test_one_holds_what_the_smaller_holds(more: str, less: str) -> None:
    smaller, larger = pins(less), pins(more)
    assert {name: larger.get(name) for name in smaller} == smaller


def test_one_package_one_version() -> None:
    dev = pins("dev")
    assert {name for name, versions in dev.items() if len(versions) > 1} <= MOVES_WITH_PYTHON
