"""Which days the inputs of a rate cover: a rate over two inputs counts the days that both cover."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from statistics import median_low

from shopper.crosscheck.oracle.settings import Row, Settings


@dataclass(frozen=True)
class Days:
    """The days that an input covers, its first and last day with rows, and its usual silence in days."""

    days: frozenset[date]
    first_row: date
    last_row: date
    silence: int

    @property
    def outages(self) -> list[tuple[date, date]]:
        """First and last day of each outage: the days between those with rows that the input does not cover."""
        missing = set(_each_day(self.first_row, self.last_row)) - self.days
        first = sorted(day for day in missing if day - timedelta(days=1) not in missing)
        last = sorted(day for day in missing if day + timedelta(days=1) not in missing)
        return list(zip(first, last, strict=True))


@dataclass(frozen=True)
class Coverage:
    """The days of the inputs that have rows: orders, traffic, spend."""

    inputs: Mapping[str, Days] = field(default_factory=dict)

    def holds(self, day: date, *names: str) -> bool:
        """Whether every one of the inputs covers the day; none that is not landed does."""
        return all(name in self.inputs and day in self.inputs[name].days for name in names)

    def holds_days(self, first: date, days: int, name: str) -> bool:
        """Whether the input covers a day and so many days after it, all of them."""
        return all(self.holds(day, name) for day in _each_day(first, first + timedelta(days=days)))

    def outage_days(self, name: str) -> set[date]:
        """The days of the outages of an input; none if it is not landed."""
        outages = self.inputs[name].outages if name in self.inputs else []
        return {day for first, last in outages for day in _each_day(first, last)}

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
        return all(self.tells_channels(day) for day in _each_day(first, last))


def coverage(rows: Mapping[str, Sequence[Row]], settings: Settings, as_of: date, rule: Row) -> Coverage:
    """The coverage of a shop. rule: the row of the seed coverage_rules."""
    days: dict[str, set[date]] = {
        "orders": {settings.local_date(row["ordered_at"]) for row in rows["orders"]},
        "traffic": {settings.local_date(row["started_at"]) for row in rows["sessions"]}
        | {settings.local_date(row["occurred_at"]) for row in rows["events"]},
        "spend": {row["spend_date"] for row in rows["marketing_spend"]},
    }
    return Coverage({name: covered_days(found, as_of, rule) for name, found in days.items() if found})


def covered_days(found: Iterable[date], as_of: date, rule: Row) -> Days:
    """The days that an input with rows on these days covers, up to the as-of date.

    It covers its usual silence around every row, and every gap between two rows that its rhythm explains.
    """
    ordered = sorted(found)
    gaps = sorted((later - earlier).days for earlier, later in pairwise(ordered))
    limit = _longest_gap_in_rhythm(gaps, rule)
    usual = rule["longest_gap_days"]
    if len(gaps) >= rule["fewest_gaps"]:
        explained = [gap for gap in gaps if gap <= limit]
        share = Fraction(str(rule["usual_gap_share"]))
        usual = min(
            usual,
            next(gap for gap in explained if Fraction(sum(one <= gap for one in explained), len(explained)) >= share),
        )
    around = timedelta(days=int(usual) - 1)
    days = {near for day in ordered for near in _each_day(day - around, day + around)}
    for earlier, later in pairwise(ordered):
        if (later - earlier).days <= limit:
            days.update(_each_day(earlier, later))
    return Days(frozenset(day for day in days if day <= as_of), ordered[0], ordered[-1], around.days)


def _longest_gap_in_rhythm(gaps: Sequence[int], rule: Row) -> int:
    """Days of the longest gap, of sorted ones, that is no outage."""
    if len(gaps) < rule["fewest_gaps"]:
        return gaps[-1] if gaps else 0
    outages = int(rule["most_outages"])
    recurring = gaps[: len(gaps) - outages][-1]
    rare = max(outages, int(Fraction(str(rule["rare_gap_share"])) * len(gaps)))
    middle = median_low(gaps)
    long = gaps[: len(gaps) - rare][-1]
    return max(int(rule["shortest_outage_days"]), 2 * recurring, middle + int(rule["outage_spreads"]) * (long - middle))


def _each_day(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))
