"""Changes between a new generation and the published one: rows of the marts, and headline metrics by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Final

import duckdb

from shopper.published import mart_columns
from shopper.run.config import Unusual
from shopper.run.gates import USUAL_WEEKS
from shopper.sql import literal, quoted

# Columns of kpi_daily that are additive over days. Buyers are not: who buys on two days is one buyer.
_HEADLINES: Final = (
    "net_revenue", "gmv", "orders", "new_buyers", "sessions", "converting_sessions", "refunds", "spend",
)  # fmt: skip
_ROWS_FLOOR: Final = 10
_WEEKS_NEEDED: Final = 3


@dataclass(frozen=True)
class RowChange:
    """Rows of a mart in the previous generation and in this one. None: the mart does not exist there."""

    mart: str
    before: int | None
    after: int | None
    is_unusual: bool


@dataclass(frozen=True)
class MetricChange:
    """A column of kpi_daily, summed over days. None where every value is null.

    total, total_before: all days of this generation and of the previous one. same_days_before, same_days_after: only
    the days that both have, so any difference is restated history. last_day: value of the last day. usual: median of
    the same weekday in the eight weeks before; None if fewer than three of them have a value.
    """

    metric: str
    total: Decimal | None
    total_before: Decimal | None
    same_days_before: Decimal | None
    same_days_after: Decimal | None
    last_day: Decimal | None
    usual: Decimal | None
    is_restated: bool
    is_unusual_day: bool


@dataclass(frozen=True)
class Changes:
    """All changes against the generation `before` (None: this is the first one), and the last day of kpi_daily."""

    before: str | None
    rows: tuple[RowChange, ...]
    metrics: tuple[MetricChange, ...]
    last_day: date | None

    @property
    def unusual(self) -> list[str]:
        """The marked changes, one sentence each."""
        return [
            *(f"{c.mart}: {_amount(c.before)} rows before, {_amount(c.after)} now" for c in self.rows if c.is_unusual),
            *(
                f"{c.metric}: {_amount(c.same_days_before)} before, {_amount(c.same_days_after)} now, same days"
                for c in self.metrics
                if c.is_restated
            ),
            *(
                f"{c.metric}: {_amount(c.last_day)} on {self.last_day}, usually {_amount(c.usual)} on this weekday"
                for c in self.metrics
                if c.is_unusual_day
            ),
        ]


def compare(after: Path, before: Path | None, before_id: str | None, unusual: Unusual) -> Changes:
    """Compare two published DuckDB files. `before` is None for the first generation.

    Raises duckdb.Error if a file can't be read.
    """
    with duckdb.connect() as connection:
        connection.execute(f"attach {literal(str(after))} as after_file (read_only)")
        if before:
            connection.execute(f"attach {literal(str(before))} as before_file (read_only)")
        rows = _row_changes(connection, before is not None, unusual)
        now = _days(connection, "after_file")
        then = _days(connection, "before_file") if before else {}
    metrics = tuple(
        _metric(name, now, then, unusual) for name in _HEADLINES if any(name in values for values in now.values())
    )
    return Changes(before_id if before else None, rows, metrics, max(now, default=None))


def _row_changes(connection: duckdb.DuckDBPyConnection, has_before: bool, unusual: Unusual) -> tuple[RowChange, ...]:
    now = _counts(connection, "after_file")
    then = _counts(connection, "before_file") if has_before else {}
    changes = []
    for mart in sorted({*now, *then}):
        before, after = then.get(mart), now.get(mart)
        moved = abs((after or 0) - (before or 0))
        is_unusual = before is not None and moved >= _ROWS_FLOOR and _is_above(moved, before, unusual.rows)
        changes.append(RowChange(mart, before, after, is_unusual))
    return tuple(changes)


def _counts(connection: duckdb.DuckDBPyConnection, database: str) -> dict[str, int]:
    names = connection.execute(
        "select table_name from duckdb_tables() where database_name = ? and schema_name = 'marts'", [database]
    ).fetchall()
    counts = {}
    for (name,) in names:
        row = connection.execute(f"select count(*) from {database}.marts.{quoted(name)}").fetchone()
        counts[name] = int(row[0]) if row else 0
    return counts


def _days(connection: duckdb.DuckDBPyConnection, database: str) -> dict[date, dict[str, Decimal]]:
    """Headline metrics of kpi_daily by day, without nulls; empty if kpi_daily is not published."""
    columns = mart_columns(connection, "kpi_daily", database)
    wanted = [name for name in _HEADLINES if name in columns]
    if not wanted or "date" not in columns:
        return {}
    rows = connection.execute(f"select date, {', '.join(wanted)} from {database}.marts.kpi_daily").fetchall()
    return {
        day: {name: Decimal(value) for name, value in zip(wanted, values, strict=True) if value is not None}
        for day, *values in rows
    }


def _metric(
    name: str, now: dict[date, dict[str, Decimal]], then: dict[date, dict[str, Decimal]], unusual: Unusual
) -> MetricChange:
    last = max(now)
    shared = [day for day in now if day in then]
    before, after = _sum(then, shared, name), _sum(now, shared, name)
    last_value = now[last].get(name)
    earlier = [now.get(last - timedelta(weeks=week), {}).get(name) for week in range(1, USUAL_WEEKS + 1)]
    known = [value for value in earlier if value is not None]
    usual = median(known) if len(known) >= _WEEKS_NEEDED else None
    return MetricChange(
        name,
        _sum(now, list(now), name),
        _sum(then, list(then), name),
        before,
        after,
        last_value,
        usual,
        before is not None and after is not None and _is_above(abs(after - before), before, unusual.restated),
        last_value is not None and usual is not None and _is_unusual_day(last_value, known, usual, unusual.day),
    )


def _is_unusual_day(value: Decimal, known: list[Decimal], usual: Decimal, share: float) -> bool:
    """Far from the median, and outside the range of the weeks before, because small numbers vary by chance."""
    return not min(known) <= value <= max(known) and _is_above(abs(value - usual), usual, share)


def _sum(days: dict[date, dict[str, Decimal]], over: list[date], name: str) -> Decimal | None:
    values = [days[day][name] for day in over if name in days[day]]
    return sum(values, Decimal(0)) if values else None


def _is_above(moved: Decimal | int, base: Decimal | int, share: float) -> bool:
    return float(moved) > share * abs(float(base))


def _amount(value: Decimal | int | None) -> str:
    return "none" if value is None else f"{value:,}"
