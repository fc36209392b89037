"""The page: pictures beside it, figures between marks in it; and whether all of it is as the code has it."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from ml.experiments.pictures.belief import belief
from ml.experiments.pictures.draws import draws
from ml.experiments.pictures.evidence import evidence
from ml.experiments.pictures.example import (
    candidates,
    contributions,
    drawn,
    fallback,
    learned,
    price,
    reasons,
)
from ml.experiments.pictures.findings import looked, pooled, settings
from ml.experiments.pictures.forgetting import forgetting
from ml.experiments.pictures.waiting import waiting
from ml.experiments.pictures.way import way

FOLDER = Path(__file__).resolve().parents[3] / "docs" / "architecture"
PAGE = "decision-engine.md"
COMMAND = ".venv/bin/python -m ml.experiments.pictures"
Made = Mapping[str, Callable[[], str]]
PICTURES: Made = {
    f"decision-engine/{name}.svg": make
    for name, make in {
        "way": way,
        "belief": belief,
        "draws": draws,
        "forgetting": forgetting,
        "waiting": waiting,
        "evidence": evidence,
    }.items()
}
FIGURES: Made = {
    make.__name__: make
    for make in (
        candidates,
        drawn,
        contributions,
        reasons,
        learned,
        settings,
        pooled,
        fallback,
        looked,
        price,
    )
}
_BLOCK = re.compile(r"(<!-- figures: (\w+) -->\n).*?(<!-- end of figures -->)", re.DOTALL)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def filled(page: str) -> str:
    """The page with its figures made anew."""
    return _BLOCK.sub(lambda block: f"{block[1]}{FIGURES[block[2]]()}\n{block[3]}", page)


def made() -> dict[str, str]:
    """Every file by its name in the folder."""
    page = filled((FOLDER / PAGE).read_text())
    return {PAGE: page} | {name: make() for name, make in PICTURES.items()}


def stale() -> list[str]:
    return [name for name, text in made().items() if not alike(_read(name), text)]


def write() -> list[str]:
    """Only what is stale: where another machine rounds another way, nothing moves."""
    changed = [(name, text) for name, text in made().items() if not alike(_read(name), text)]
    for name, text in changed:
        (FOLDER / name).parent.mkdir(exist_ok=True)
        (FOLDER / name).write_text(text)
    return [name for name, _ in changed]


def _read(name: str) -> str:
    path = FOLDER / name
    return path.read_text() if path.exists() else ""


def alike(one: str, other: str) -> bool:
    """The same words, and numbers that differ by one in their last digit at most."""
    if _NUMBER.sub("0", one) != _NUMBER.sub("0", other):
        return False
    pairs = zip(_NUMBER.findall(one), _NUMBER.findall(other), strict=True)
    return all(_close(a, b) for a, b in pairs)


def _close(a: str, b: str) -> bool:
    digits = min(len(one.partition(".")[2]) for one in (a, b))
    whole = "." not in a and "." not in b
    return a == b or (not whole and abs(float(a) - float(b)) <= 1.01 * 10.0**-digits)
