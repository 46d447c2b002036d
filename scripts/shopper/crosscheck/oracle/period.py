"""The as-of date: the last day that the shop was surely alive."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from shopper.crosscheck.oracle.settings import Settings


@dataclass(frozen=True)
class Period:
    """First and last day of the run, and the exclusive UTC end of the last; all None without data."""

    first_date: date | None
    as_of_date: date | None
    as_of_end_at: datetime | None


def run_period(moments: Iterable[datetime | None], settings: Settings) -> Period:
    """The period of a shop from every timestamp of its orders, sessions and events, rejected rows included.

    The as-of date is the var, else the last active date that is reached walking up from the median active date (of an
    even number the earlier one) without a gap above `max_silence_days`. Dates before `earliest_date` do not count.
    """
    dates = sorted(
        {
            day
            for day in (settings.local_date(moment) for moment in set(moments) if moment is not None)
            if day >= settings.earliest_date
        }
    )
    as_of = settings.as_of_date or (last_active_date(dates, settings.max_silence_days) if dates else None)
    if as_of is None:
        return Period(None, None, None)
    first = min(dates[0], as_of) if dates else as_of
    return Period(first, as_of, settings.end_of(as_of))


def last_active_date(dates: list[date], max_silence_days: int) -> date:
    """Walk up from the median of ascending different dates until a silence is too long."""
    place = (len(dates) - 1) // 2
    while place + 1 < len(dates) and (dates[place + 1] - dates[place]).days <= max_silence_days:
        place += 1
    return dates[place]
