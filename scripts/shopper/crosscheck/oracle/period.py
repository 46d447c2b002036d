"""The period of the run, with the as-of date: the last day with reliable activity of the shop."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from shopper.crosscheck.oracle.settings import Settings


@dataclass(frozen=True)
class Period:
    """First day of the run, as-of date, and the exclusive end of the as-of date in UTC. All None without data."""

    first_date: date | None
    as_of_date: date | None
    as_of_end_at: datetime | None


def run_period(moments: Iterable[datetime | None], settings: Settings) -> Period:
    """The period of a shop, from all timestamps of its orders, sessions and events, including rejected rows.

    The as-of date is the var; if it is not set, the last active date that can be reached from the median active date
    (the earlier one of two) without a gap of more than `max_silence_days`. Dates before `earliest_date` are ignored.
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
    """The last date before the first gap above `max_silence_days`, from the median of sorted distinct dates."""
    place = (len(dates) - 1) // 2
    while place + 1 < len(dates) and (dates[place + 1] - dates[place]).days <= max_silence_days:
        place += 1
    return dates[place]
