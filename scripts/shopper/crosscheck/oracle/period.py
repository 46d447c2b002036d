"""The period of the run, with the as-of date: the last day with reliable activity of the shop."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from statistics import median, median_low
from typing import Any

from shopper.crosscheck.oracle.settings import Settings

Activity = tuple[datetime | None, str | None]


@dataclass(frozen=True)
class Period:
    """First day of the run, as-of date, and the exclusive end of the as-of date in UTC. All None without data."""

    first_date: date | None
    as_of_date: date | None
    as_of_end_at: datetime | None


def run_period(tables: Mapping[str, Iterable[Activity]], settings: Settings, rules: Mapping[str, Any]) -> Period:
    """The period of a shop, from the moment and the person of every row of its orders, sessions and events.

    Rejected rows count. Dates before `earliest_date` do not. The as-of date is the var; if it is not set, the last date
    that the rules accept.
    """
    days: dict[str, list[tuple[date, str | None]]] = {
        table: [
            (day, person)
            for moment, person in activity
            if moment is not None and (day := settings.local_date(moment)) >= settings.earliest_date
        ]
        for table, activity in tables.items()
    }
    dates = sorted({day for rows in days.values() for day, _ in rows})
    as_of = settings.as_of_date or (last_active_date(days, dates, rules) if dates else None)
    if as_of is None:
        return Period(None, None, None)
    first = min(dates[0], as_of) if dates else as_of
    return Period(first, as_of, settings.end_of(as_of))


def last_active_date(
    days: Mapping[str, list[tuple[date, str | None]]], dates: list[date], rules: Mapping[str, Any]
) -> date:
    """The last busy date of any table outside the work of a wrong clock.

    Busy: at least `min_day_share` of the rows of the table's median active date. The work of a wrong clock: dates of a
    table after a silence of more than `silence_gaps` of its median gaps, until the next such silence, on which it has
    rows of one person, and which are less than `stray_day_share` of the shop's dates or follow a silence of the whole
    shop of more than `long_silence_days`. Should that be all, the last date counts.
    """
    accepted = []
    for rows in days.values():
        counts = Counter(day for day, _ in rows)
        needed = median(counts.values()) if counts else 0
        for stretch in stretches(sorted(counts), rules["silence_gaps"]):
            people = {person for day, person in rows if person is not None and day in set(stretch)}
            earlier = [day for day in dates if day < stretch[0]]
            silence = (stretch[0] - earlier[-1]).days if earlier else 0
            lasts = len(stretch) / len(dates) >= rules["stray_day_share"] and silence <= rules["long_silence_days"]
            if len(people) > 1 or lasts:
                accepted += [day for day in stretch if counts[day] / needed >= rules["min_day_share"]]
    return max(accepted, default=dates[-1])


def stretches(dates: list[date], silence_gaps: int) -> list[list[date]]:
    """Sorted dates, cut at gaps of more than this many median gaps, the shorter of two."""
    gaps = [(later - earlier).days for earlier, later in pairwise(dates)]
    found = [[day] for day in dates[:1]]
    for day, gap in zip(dates[1:], gaps, strict=True):
        if gap > silence_gaps * median_low(gaps):
            found.append([])
        found[-1].append(day)
    return found
