"""When a theme is usually welcome, by product sense: whoever is different is soon known to be."""

from collections.abc import Mapping
from typing import NamedTuple


class Hours(NamedTuple):
    """From −1, the wrong time of day, to 1, the right one."""

    morning: float
    afternoon: float
    evening: float
    night: float
    weekend: float = 0.0
    """How much more at the weekend."""


HOURS: Mapping[str, Hours] = {
    "plan": Hours(1.0, -0.3, 0.0, -0.5),
    "focus": Hours(1.0, 0.3, -1.0, -1.0),
    "break": Hours(-0.5, 1.0, 0.0, -0.5),
    "social": Hours(-1.0, 0.0, 1.0, -1.0),
    "reflect": Hours(-0.5, -0.5, 1.0, 0.5),
    "move": Hours(0.3, 1.0, 0.0, -1.0),
    "rest": Hours(-1.0, 0.0, 1.0, 1.0),
    "tidy": Hours(-0.5, -0.5, -0.5, -0.5, 1.5),
}
NO_HOURS = Hours(0.0, 0.0, 0.0, 0.0)
