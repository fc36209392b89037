"""A person's own calendar: a day is a date where they are, whatever its length in hours."""

from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache

NEVER_S = 1e300
"""Later than any instant, and still a number."""
_MICROSECOND = timedelta(microseconds=1)


def local(instant: datetime, zone: tzinfo) -> datetime:
    """The instant on the person's clock. At the calendar's two ends it stays on its own."""
    try:
        return instant.astimezone(zone)
    except OverflowError:
        return instant


@lru_cache(maxsize=8192)
def last_instant_s(day: date, zone: tzinfo) -> float:
    """Seconds since 1970 of a date's last microsecond, after which it never comes back."""
    try:
        after = day + timedelta(days=1)
        midnight = datetime(after.year, after.month, after.day, tzinfo=zone)
        again = midnight.replace(fold=1)
        return (again if _ends(day, again) else midnight).timestamp() - 1e-6
    except OverflowError:
        return NEVER_S


def _ends(day: date, instant: datetime) -> bool:
    """Whether it is that date until this instant and a later one from it on."""
    at, before = instant.astimezone(UTC), instant.astimezone(UTC) - _MICROSECOND
    return before.astimezone(instant.tzinfo).date() <= day < at.astimezone(instant.tzinfo).date()
