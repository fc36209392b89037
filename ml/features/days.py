"""A person's own calendar: a day is a date where they are, whatever its length in hours."""

from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache

NEVER_S = 1e300
"""Later than any instant, and still a number."""
_DAY = timedelta(days=1)


def local(instant: datetime, zone: tzinfo) -> datetime:
    """The instant on the person's clock. At the calendar's two ends it stays on its own."""
    try:
        return instant.astimezone(zone)
    except OverflowError:
        return instant


@lru_cache(maxsize=8192)
def last_instant_s(day: date, zone: tzinfo) -> float:
    """Seconds since 1970 of a date's last microsecond: just before the next one begins for good.

    Where the clock skips midnight it begins later (fold 0); where midnight comes twice, the second counts.
    """
    try:
        after = day + _DAY
    except OverflowError:
        return NEVER_S
    midnight = datetime(after.year, after.month, after.day, tzinfo=zone)
    return max(midnight.timestamp(), midnight.replace(fold=1).timestamp()) - 1e-6
