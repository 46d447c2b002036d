"""The vars of a run, as used by the oracle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

Row = dict[str, Any]


@dataclass(frozen=True)
class Settings:
    """Vars with their units: days, minutes and hours as whole numbers."""

    raw_data: str
    as_of_date: date | None
    earliest_date: date
    reporting_timezone: str
    reporting_currency: str
    rfm_window_days: int
    session_timeout_minutes: int
    session_max_hours: int
    funnel_window_days: int
    attribution_window_days: int
    basket_min_orders: int
    basket_min_support: Decimal
    max_basket_items: int

    @classmethod
    def of_project(cls, project: Path, overrides: Mapping[str, object] | None = None) -> Settings:
        """The vars of `dbt_project.yml`, overridden as by `--vars`."""
        defaults = yaml.safe_load((project / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
        values = {**defaults, **(overrides or {})}
        as_of = values["as_of_date"]
        return cls(
            raw_data=values["raw_data"],
            as_of_date=_day(as_of) if as_of else None,
            earliest_date=_day(values["earliest_date"]),
            reporting_timezone=values["reporting_timezone"],
            reporting_currency=values["reporting_currency"],
            rfm_window_days=int(values["rfm_window_days"]),
            session_timeout_minutes=int(values["session_timeout_minutes"]),
            session_max_hours=int(values["session_max_hours"]),
            funnel_window_days=int(values["funnel_window_days"]),
            attribution_window_days=int(values["attribution_window_days"]),
            basket_min_orders=int(values["basket_min_orders"]),
            basket_min_support=Decimal(str(values["basket_min_support"])),
            max_basket_items=int(values["max_basket_items"]),
        )

    @property
    def zone(self) -> ZoneInfo:
        """The reporting time zone."""
        return _zone(self.reporting_timezone)

    def local_date(self, moment: datetime) -> date:
        """The calendar date of a UTC timestamp in the reporting time zone."""
        return moment.replace(tzinfo=UTC).astimezone(self.zone).date()

    def midnight(self, day: date) -> datetime:
        """The UTC timestamp at which a calendar day starts in the reporting time zone."""
        return datetime.combine(day, time(), tzinfo=self.zone).astimezone(UTC).replace(tzinfo=None)

    def end_of(self, day: date) -> datetime:
        """The UTC timestamp, exclusive, at which a calendar day ends in the reporting time zone."""
        return self.midnight(day + timedelta(days=1))


def month_of(day: date) -> date:
    """The first day of the month."""
    return day.replace(day=1)


def months_between(first: date, last: date) -> int:
    """Number of calendar months from the month of the first day to that of the last."""
    return (last.year - first.year) * 12 + last.month - first.month


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _day(value: object) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))
