"""Days and timestamps of the sample shop.

A day is an integer: 0 is 2024-01-01, the first day, in the shop's time zone (Asia/Shanghai, UTC+8, no daylight
saving). A timestamp is whole seconds since 1970 in UTC. The text formats are those in the raw tables.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final

FIRST_DATE: Final = date(2024, 1, 1)
AS_OF_DATE: Final = date(2025, 6, 30)
AS_OF: Final = (AS_OF_DATE - FIRST_DATE).days
DAYS: Final = AS_OF + 1
WINDOW_DAYS: Final = 365
WINDOW_START: Final = AS_OF - WINDOW_DAYS + 1
WEEKS: Final = DAYS // 7

DAY_SECONDS: Final = 86_400
MONTH_DAYS: Final = 365.25 / 12
_UTC_OFFSET: Final = 8 * 3600
_START: Final = int(datetime(2024, 1, 1, tzinfo=UTC).timestamp()) - _UTC_OFFSET


def day_of(when: date) -> int:
    """Day number of a calendar date."""
    return (when - FIRST_DATE).days


def date_of(day: int) -> date:
    """Calendar date of a day number."""
    return FIRST_DATE + timedelta(days=day)


def moment(day: int, second: float = 0) -> int:
    """UTC epoch seconds of a second within a local day."""
    return _START + day * DAY_SECONDS + int(second)


def local_day(when: int) -> int:
    """Day number of a timestamp, in the shop's time zone."""
    return (when - _START) // DAY_SECONDS


def local_hour(when: int) -> int:
    """Hour of the day, 0 to 23, in the shop's time zone."""
    return (when - _START) % DAY_SECONDS // 3600


def weekday(day: int) -> int:
    """0 is Monday."""
    return date_of(day).weekday()


def month_number(day: int) -> int:
    """Number of months since 2024-01, from 0 to 17."""
    when = date_of(day)
    return (when.year - FIRST_DATE.year) * 12 + when.month - 1


def month_days(month: int) -> range:
    """The days of a month; months are counted from 2024-01."""
    first = date(FIRST_DATE.year + month // 12, month % 12 + 1, 1)
    following = date(FIRST_DATE.year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return range(day_of(first), day_of(following))


MONTHS: Final = range(month_number(AS_OF) + 1)


def utc_text(when: int | None) -> str | None:
    """`2024-02-29T04:05:06Z`."""
    return None if when is None else datetime.fromtimestamp(when, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def spaced_text(when: int | None) -> str | None:
    """`2024-02-29 04:05:06`, without an offset: UTC by the contract."""
    return None if when is None else datetime.fromtimestamp(when, UTC).strftime("%Y-%m-%d %H:%M:%S")


def named_text(when: int | None) -> str | None:
    """`2024-02-29 04:05:06 UTC`."""
    return None if when is None else f"{spaced_text(when)} UTC"


def local_text(when: int | None) -> str | None:
    """`2024-02-29T12:05:06+08:00`."""
    if when is None:
        return None
    return datetime.fromtimestamp(when + _UTC_OFFSET, UTC).strftime("%Y-%m-%dT%H:%M:%S+08:00")


def seconds_text(when: int | None) -> str | None:
    """Epoch seconds."""
    return None if when is None else str(when)


def millis_text(when: int | None, millis: int = 0) -> str | None:
    """Epoch milliseconds."""
    return None if when is None else str(when * 1000 + millis)
