"""Which days the inputs of a rate cover: a rate over two inputs counts the days that both cover."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from shopper.crosscheck.oracle.settings import Row, Settings


@dataclass(frozen=True)
class Days:
    """The days that an input covers, its first and last day with rows, and its usual silence in days."""

    first: date
    last: date
    first_row: date
    last_row: date
    silence: int


@dataclass(frozen=True)
class Coverage:
    """The days of the inputs that have rows: orders, traffic, spend."""

    inputs: Mapping[str, Days] = field(default_factory=dict)

    def holds(self, day: date, *names: str) -> bool:
        """Whether every one of the inputs covers the day; none that is not landed does."""
        return all(name in self.inputs and self.inputs[name].first <= day <= self.inputs[name].last for name in names)

    def tells_channels(self, day: date) -> bool:
        """Whether orders and spend of the day can be compared by channel: visits cover it too, if there are any."""
        return self.holds(day, "spend", "orders") and ("traffic" not in self.inputs or self.holds(day, "traffic"))

    def spend_day(self, day: date) -> date:
        """The day on which spend of a row counts: the middle of the days that it stands for."""
        return day + timedelta(days=self.inputs["spend"].silence // 2) if "spend" in self.inputs else day

    def holds_month(self, month: date) -> bool:
        """Whether channels can be compared on every day of a month that the shop has data of."""
        if "traffic" not in self.inputs or not self.inputs:
            return False
        first = max(month, min(one.first_row for one in self.inputs.values()))
        next_month = (month + timedelta(days=31)).replace(day=1)
        last = min(next_month - timedelta(days=1), max(one.last_row for one in self.inputs.values()))
        return self.tells_channels(first) and self.tells_channels(last)


def coverage(rows: Mapping[str, Sequence[Row]], settings: Settings, as_of: date, rule: Row) -> Coverage:
    """The coverage of a shop. rule: the row of the seed coverage_rules."""
    days: dict[str, set[date]] = {
        "orders": {settings.local_date(row["ordered_at"]) for row in rows["orders"]},
        "traffic": {settings.local_date(row["started_at"]) for row in rows["sessions"]}
        | {settings.local_date(row["occurred_at"]) for row in rows["events"]},
        "spend": {row["spend_date"] for row in rows["marketing_spend"]},
    }
    return Coverage({name: _days(found, as_of, rule) for name, found in days.items() if found})


def _days(found: Iterable[date], as_of: date, rule: Row) -> Days:
    ordered = sorted(found)
    gaps = sorted((later - earlier).days for earlier, later in pairwise(ordered))
    usual = rule["longest_gap_days"]
    if len(gaps) >= rule["fewest_gaps"]:
        share = Fraction(str(rule["usual_gap_share"]))
        usual = min(usual, next(gap for gap in gaps if Fraction(sum(one <= gap for one in gaps), len(gaps)) >= share))
    silence = int(usual) - 1
    return Days(
        ordered[0] - timedelta(days=silence), min(ordered[-1] + timedelta(days=silence), as_of),
        ordered[0], ordered[-1], silence,
    )  # fmt: skip
