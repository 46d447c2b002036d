"""Shared parts of generated cases: one seeded generator, unique ids, raw values in many formats."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Final

from landing import RawRow

FIRST: Final = datetime(2024, 1, 1)
AS_OF: Final = date(2025, 6, 30)
END: Final = datetime(2025, 6, 30, 16)
"""End of the as-of day in UTC (the reporting time zone is Asia/Shanghai)."""


class Cases:
    """Raw rows by table of many independent small cases."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)
        self.tables: dict[str, list[RawRow]] = defaultdict(list)
        self.count = 0

    def begin(self, family: str) -> str:
        """The prefix for the ids of the next case."""
        self.count += 1
        return f"{family}{self.count:05d}"

    def add(self, table: str, **values: object) -> None:
        """Add a raw row. Values become text as trackers send them."""
        self.tables[table].append({name: self.text(value) for name, value in values.items()})

    def text(self, value: object) -> str | None:
        """A value as raw text: timestamps in one of the usual formats, others unchanged."""
        if value is None:
            return self.chance.choice([None, None, "", "null", "undefined", " "])
        if isinstance(value, datetime):
            return self.spelled(value)
        if isinstance(value, bool):
            return str(value).lower()
        return str(value)

    def spelled(self, moment: datetime) -> str:
        """A UTC timestamp in one of the usual formats, without loss."""
        epoch = round((moment - datetime(1970, 1, 1)) / timedelta(microseconds=1))
        spellings = [
            moment.isoformat() + "Z",
            moment.isoformat(sep=" "),
            moment.isoformat(sep=" ") + " UTC",
            (moment.replace(tzinfo=UTC) + timedelta(hours=8)).replace(tzinfo=None).isoformat() + "+08:00",
            (moment - timedelta(hours=3, minutes=30)).isoformat() + "-03:30",
            str(epoch),
        ]
        if epoch % 1_000 == 0:
            spellings.append(str(epoch // 1_000))
        if epoch % 1_000_000 == 0:
            spellings.append(str(epoch // 1_000_000))
        return self.chance.choice(spellings)

    def moment(self, first: datetime = FIRST, last: datetime = END - timedelta(seconds=1)) -> datetime:
        """A random second between two timestamps, sometimes at the edge of a day in the reporting time zone."""
        seconds = int((last - first).total_seconds())
        found = first + timedelta(seconds=self.chance.randint(0, seconds))
        if self.chance.random() < 0.1:
            found = found.replace(hour=16, minute=0, second=0) - timedelta(seconds=self.chance.choice([0, 1]))
        return min(max(found, first), last)

    def money(self, low: float = 0.01, high: float = 500) -> Decimal:
        """An amount, mostly with two decimals, sometimes with none, three or four."""
        places = self.chance.choices([2, 0, 3, 4], [80, 8, 6, 6])[0]
        return Decimal(str(round(self.chance.uniform(low, high), places)))
