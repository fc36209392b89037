"""Days and parts of days are the person's own, in every zone, on both sides of every change of its clocks.

The oracle looks at one clock, second by second, and shares nothing with the code. A wrong idea of the zone
(UTC, this machine's, the offset of now) must be caught by it.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cached_property
from zoneinfo import ZoneInfo, available_timezones

import pytest

from ml.features import COLUMNS, Batch, matrix

HOUR, DAY = 3600, 86_400
YEARS = (2025, 2028)
# Clocks with a past: days skipped or lived twice, half and double hours, changes at and just after midnight.
STORIED = {
    "Africa/Cairo", "Africa/Casablanca", "Africa/Monrovia", "America/Asuncion", "America/Caracas",
    "America/Havana", "America/Nuuk", "America/Santiago", "America/Sao_Paulo", "America/St_Johns",
    "Antarctica/Troll", "Asia/Amman", "Asia/Beirut", "Asia/Gaza", "Asia/Kathmandu", "Asia/Pyongyang",
    "Asia/Tehran", "Australia/Eucla", "Australia/Lord_Howe", "Europe/Dublin", "Pacific/Apia",
    "Pacific/Chatham", "Pacific/Fakaofo", "Pacific/Kiritimati", "Pacific/Kwajalein",
}  # fmt: skip


def seconds(year: int) -> int:
    return int(datetime(year, 1, 1, tzinfo=UTC).timestamp())


class Clock:
    """A zone by itself: what it showed at a second since 1970."""

    def __init__(self, name: str) -> None:
        self.zone = ZoneInfo(name)
        self._from, self._to = (1970, 2038) if name in STORIED else YEARS

    def itself(self, _now: int) -> tzinfo:
        return self.zone

    def at(self, second: float) -> datetime:
        return datetime.fromtimestamp(second, self.zone)

    @cached_property
    def changes(self) -> list[int]:
        """The seconds at which its offset changes."""
        found = []
        for day in range(seconds(self._from), seconds(self._to), DAY):
            low, high = day, day + DAY
            if self.at(low).utcoffset() == self.at(high).utcoffset():
                continue
            while high - low > 1:
                middle = (low + high) // 2
                same = self.at(middle).utcoffset() == self.at(low).utcoffset()
                low, high = (middle, high) if same else (low, middle)
            found.append(high)
        return found

    def is_over(self, day: date, second: float) -> bool:
        """Whether the date is past and never comes back, even where a clock goes back over midnight."""
        first = bisect_right(self.changes, second)
        later = [self.at(change).date() for change in self.changes[first : first + 3]]
        return min([self.at(second).date(), *later]) > day

    def end_of(self, day: date) -> int:
        """The first second at which it is over."""
        low = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) - DAY
        high = low + 4 * DAY
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self.is_over(day, middle) else (middle, high)
        return high

    def instants(self) -> Iterator[int]:
        """Around every change, and around the bounds of an ordinary day's parts."""
        for change in self.changes:
            yield from (change - 1, change, change + 1, change + HOUR)
        for local_hour in (0, 5, 11, 17, 22):
            bound = datetime(2026, 8, 15, local_hour, tzinfo=self.zone)  # a Saturday
            yield from (int(bound.timestamp()) - 1, int(bound.timestamp()))


Due = tuple[date, int | None]


def dues(clock: Clock, now: int) -> list[Due]:
    """By the day and by the second, on both sides of today's bounds."""
    today = clock.at(now).date()
    days = [today + timedelta(days=step) for step in (-1, 0, 1)]
    end = clock.end_of(today)
    return [*((day, None) for day in days), *((today, second) for second in (now - 1, now, end - 1, end))]


def told(clock: Clock, now: int, due: Due) -> list[float]:
    """What the oracle says: overdue, due_today, morning, evening, weekend, hours to or from its moment."""
    day, second = due
    here = clock.at(now)
    end = clock.end_of(day) if second is None else second
    late = clock.is_over(day, now) if second is None else second < now
    due_day = day if second is None else clock.at(second).date()
    return [
        float(late),
        float(due_day == here.date()),
        float(here.hour in range(5, 11)),
        float(here.hour in range(17, 22)),
        float(here.isoweekday() in (6, 7)),
        abs((end - now) / HOUR - 0.5),
    ]


def computed(now: int, some: Sequence[Due], zone: tzinfo) -> list[list[float]]:
    candidates = [
        {
            "kind": "todo",
            "source": "todoist",
            "attributes": {"due": {"date": day, "time": second and datetime.fromtimestamp(second, UTC)}},
        }
        for day, second in some
    ]
    names = ("overdue", "due_today", "todo_morning", "todo_evening", "todo_weekend", "near_due")
    block = matrix(Batch.of(candidates, datetime.fromtimestamp(now, UTC), zone))
    rows = block[:, [COLUMNS[name] for name in names]].tolist()
    return [[*row, 48 / near - 48] for *row, near in rows]


def differences(clock: Clock, zone_for: Callable[[int], tzinfo], most: int = 1) -> list[str]:
    found: list[str] = []
    for now in clock.instants():
        some = dues(clock, now)
        for due, row in zip(some, computed(now, some, zone_for(now)), strict=True):
            if row != pytest.approx(told(clock, now, due), abs=1e-4):
                found.append(f"{clock.zone} {clock.at(now)} due {due}: {row}, not {told(clock, now, due)}")
                if len(found) >= most:
                    return found
    return found


ZONES = sorted(available_timezones() - {"localtime"})


@pytest.mark.parametrize("part", range(8))
def test_every_zone_agrees_with_its_own_clock(part: int) -> None:
    for name in ZONES[part::8]:
        clock = Clock(name)
        assert differences(clock, clock.itself) == []


WRONG: dict[str, Callable[[Clock, int], tzinfo]] = {
    "UTC": lambda _clock, _now: UTC,
    "the host's": lambda _clock, _now: ZoneInfo("America/Los_Angeles"),
    "its standard offset": lambda clock, _now: timezone(clock.at(seconds(2026)).utcoffset() or timedelta(0)),
    "its offset of now": lambda clock, now: timezone(clock.at(now).utcoffset() or timedelta(0)),
}


@pytest.mark.parametrize("name", ["Europe/Berlin", "Pacific/Chatham", "Australia/Lord_Howe", "Pacific/Apia"])
@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_idea_of_the_zone_is_caught(wrong: str, name: str) -> None:
    clock = Clock(name)
    assert differences(clock, lambda now: WRONG[wrong](clock, now))
