"""A peer's grid: how it is made, and the settings that are tried."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

Settings = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Grid:
    make: Callable[..., Any]
    settings: tuple[Settings, ...]


def crossed(**values: Sequence[Any]) -> list[Settings]:
    return [dict(zip(values, each, strict=True)) for each in product(*values.values())]


def grid(make: Callable[..., Any], *parts: Sequence[Settings]) -> Grid:
    """What two parts share is tried once."""
    said = {named("", settings): settings for part in parts for settings in part}
    return Grid(make, tuple(said.values()))


def named(peer: str, settings: Settings) -> str:
    """The name a run is kept under: it says all, so a grid may grow without playing anything again."""
    return f"{peer} {json.dumps(settings, sort_keys=True)}"


def read(name: str) -> tuple[str, Settings]:
    at = name.index(" {")
    settings: Settings = json.loads(name[at + 1 :])
    return name[:at], settings
