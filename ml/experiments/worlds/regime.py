"""How much happens: how many people, how often they look, for how long."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Regime:
    name: str
    people: int
    per_day: float
    """Opportunities per person and day, on average; with ticks exactly that many, evenly spread."""
    days: int
    ticks: bool = False
    personas: tuple[float, ...] = ()
    """How common each persona is; empty: all alike."""


REGIMES: Mapping[str, Regime] = {
    regime.name: regime
    for regime in (
        Regime("dense", 150, 4.0, 14),
        Regime("low", 30, 1.5, 60),
        Regime("sparse", 300, 0.5, 60),
    )
}
TICKS = Regime("ticks", 20, 28.0, 21, ticks=True)
"""For timing: every half hour from 8 to 22."""
