"""What a manager asks first of a report: revenue, orders, buyers and channels, against the time before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import duckdb

from shopper.published import mart_columns, opened

DAYS: Final = 28
"""Length of the compared periods: four weeks, so that both have the same weekdays."""
MONTHS: Final = 13
"""Months drawn: a year, and the same month a year ago."""
_CHANNELS: Final = 8
# Columns of kpi_daily that add up over days, and how the page calls them.
_SUMMED: Final = {"net_revenue": "net revenue", "orders": "orders", "sessions": "sessions", "spend": "spend"}


@dataclass(frozen=True)
class Figure:
    """A number of the last period and of the one before; None is not known."""

    name: str
    now: Decimal | None
    before: Decimal | None
    is_money: bool


@dataclass(frozen=True)
class Month:
    """Net revenue and orders of a calendar month (its first day), so far where it is not complete. None: no orders."""

    month: date
    net_revenue: Decimal | None
    orders: Decimal | None
    is_complete: bool


@dataclass(frozen=True)
class Overview:
    """The first part of a report. Periods end on `until` and have `days` days. Channels are by orders' net revenue,
    largest first, the rest as `other channels`. totals: valid orders that land a total; mismatched_totals: those whose
    total is not the sum of its parts.
    """

    currency: str
    until: date
    days: int
    figures: tuple[Figure, ...]
    months: tuple[Month, ...]
    channels: tuple[Figure, ...]
    totals: int = 0
    mismatched_totals: int = 0


def read_overview(file: Path, currency: str) -> Overview | None:
    """The overview of a published DuckDB file; None if it has no kpi_daily with days. Raises duckdb.Error."""
    with opened(file) as connection:
        days, orders = mart_columns(connection, "kpi_daily"), mart_columns(connection, "orders")
        until = connection.execute("select max(date) from marts.kpi_daily").fetchone() if "date" in days else None
        if until is None or until[0] is None:
            return None
        last: date = until[0]
        figures = _figures(connection, [name for name in _SUMMED if name in days], last)
        if {"customer_id", "is_valid", "order_date"} <= orders:
            figures.insert(2, _buyers(connection, last))
        channels: list[Figure] = []
        if {"channel", "is_valid", "net_revenue", "order_date"} <= orders:
            channels = _channels(connection, last)
        totals = _totals(connection) if {"has_total_mismatch", "is_valid"} <= orders else (0, 0)
        months = _months(connection, last) if {"net_revenue", "orders"} <= days else []
    known = tuple(figure for figure in figures if figure.now is not None)
    return Overview(currency, last, DAYS, known, tuple(months), tuple(channels), *totals)


def _periods(column: str, last: date) -> tuple[str, str]:
    """SQL conditions: in the last period, in the one before."""
    age = f"(date '{last}' - {column})"
    return f"{age} between 0 and {DAYS - 1}", f"{age} between {DAYS} and {2 * DAYS - 1}"


def _figures(connection: duckdb.DuckDBPyConnection, names: list[str], last: date) -> list[Figure]:
    now, before = _periods("date", last)
    sums = [f"sum({name}) filter (where {period})" for name in names for period in (now, before)]
    row = connection.execute(f"select {', '.join(sums)} from marts.kpi_daily").fetchone() if sums else None
    values = iter(row or ())
    pairs = {name: (_decimal(next(values)), _decimal(next(values))) for name in names}
    found = [Figure(_SUMMED[name], *pair, name in {"net_revenue", "spend"}) for name, pair in pairs.items()]
    if {"net_revenue", "orders"} <= pairs.keys():
        means = [
            revenue / orders if revenue is not None and orders else None
            for revenue, orders in zip(pairs["net_revenue"], pairs["orders"], strict=True)
        ]
        found.insert(2, Figure("per order", means[0], means[1], True))
    return found


def _buyers(connection: duckdb.DuckDBPyConnection, last: date) -> Figure:
    now, before = _periods("order_date", last)
    counts = ", ".join(f"count(distinct customer_id) filter (where {period})" for period in (now, before))
    row = connection.execute(
        f"select {counts} from marts.orders where is_valid and customer_id <> 'unknown'"
    ).fetchone()
    values = row or (None, None)
    return Figure("buyers", _decimal(values[0]), _decimal(values[1]), False)


def _totals(connection: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """Valid orders with a total, and those of them whose total is not the sum of its parts."""
    row = connection.execute(
        "select count(has_total_mismatch), count(*) filter (where has_total_mismatch) from marts.orders where is_valid"
    ).fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)


def _channels(connection: duckdb.DuckDBPyConnection, last: date) -> list[Figure]:
    now, before = _periods("order_date", last)
    rows = connection.execute(
        f"select coalesce(channel, 'not known'), coalesce(sum(net_revenue) filter (where {now}), 0),"
        f" coalesce(sum(net_revenue) filter (where {before}), 0) from marts.orders"
        f" where is_valid and ({now} or {before}) group by all order by 2 desc, 3 desc, 1"
    ).fetchall()
    found = [Figure(str(name).replace("_", " "), _decimal(value), _decimal(past), True) for name, value, past in rows]
    if len(found) <= _CHANNELS:
        return found
    rest = found[_CHANNELS - 1 :]
    now_sum = sum((one.now or Decimal(0) for one in rest), Decimal(0))
    before_sum = sum((one.before or Decimal(0) for one in rest), Decimal(0))
    return [*found[: _CHANNELS - 1], Figure("other channels", now_sum, before_sum, True)]


def _months(connection: duckdb.DuckDBPyConnection, last: date) -> list[Month]:
    rows = connection.execute(
        "select cast(date_trunc('month', date) as date) as month, sum(net_revenue), sum(orders),"
        " max(date) = last_day(max(date)) from marts.kpi_daily"
        f" where date > last_day(date '{last}' - interval {MONTHS} month) group by month order by month"
    ).fetchall()
    return [Month(month, _decimal(revenue), _decimal(orders), whole) for month, revenue, orders, whole in rows]


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)
