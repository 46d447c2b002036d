"""Checks of time: weeks in the middle of an input that its own rhythm does not explain."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any, Final

from shopper.crosscheck.oracle.coverage import covered_days
from shopper.doctor.findings import WARNING, Finding, Fix
from shopper.doctor.inputs import effects
from shopper.doctor.shop import Shop
from shopper.doctor.visits import seed_rows
from shopper.sql import literal

_INPUTS: Final = {
    "orders": (("orders", "ordered_at"),),
    "traffic": (("sessions", "started_at"), ("events", "occurred_at")),
    "spend": (("marketing_spend", "spend_date"),),
}
_FEWEST_DAYS: Final = 3
"""Days with rows before and after an outage; fewer are those of a wrong clock."""


def check_outages(shop: Shop, now: datetime | None = None) -> Iterator[Finding]:
    """Name each outage of orders, visits and spend, and what is null on its days. `now` as in `check_moments`."""
    (seed,) = seed_rows(shop, "coverage_rules") or [{}]
    rule: dict[str, Any] = {name: float(value) if "share" in name else int(value) for name, value in seed.items()}
    latest = (now or datetime.now(UTC)).date()
    as_of = min(latest, date.fromisoformat(str(shop.variables["as_of_date"] or latest)))
    for name, columns in _INPUTS.items():
        tables = [(table, column) for table, column in columns if shop.has(table, column)]
        found = _days(shop, tables, as_of)
        if not rule or not found:
            continue
        outages = [
            (first, last)
            for first, last in covered_days(found, found[-1], rule).outages
            if min(sum(day < first for day in found), sum(day > last for day in found)) >= _FEWEST_DAYS
        ]
        if outages:
            yield _finding(name, tables, outages, ",".join(seed), seed)


def _days(shop: Shop, tables: list[tuple[str, str]], as_of: date) -> list[date]:
    """Days with rows of the tables, in the reporting time zone, sorted."""
    zone, earliest = literal(str(shop.variables["reporting_timezone"])), str(shop.variables["earliest_date"])
    days = []
    for table, column in tables:
        moment = shop.typed(table, column)
        day = moment if column.endswith("_date") else f"((({moment}) at time zone 'UTC') at time zone {zone})::date"
        days.append(f"select {day} as day from shop.{table}")
    if not days:
        return []
    query = f"select distinct day from ({' union all '.join(days)}) where day between ?::date and ?::date order by day"
    return [day for (day,) in shop.connection.execute(query, [earliest, as_of]).fetchall()]


def _finding(
    name: str, tables: list[tuple[str, str]], outages: list[tuple[date, date]], header: str, seed: dict[str, str]
) -> Finding:
    longest = max((last - first).days + 1 for first, last in outages)
    spans = ", ".join(f"{first} to {last} ({(last - first).days + 1} days)" for first, last in outages)
    message = (
        f"no rows from {spans}, which the rhythm of the other days does not explain; not covered, and null there:"
        f" {effects()['outages'][name]}"
    )
    row = ",".join({**seed, "shortest_outage_days": str(longest + 1)}.values())
    fix = Fix("seeds/reference/coverage_rules.csv, if nothing happened on these days", (header, row))
    return Finding(WARNING, "outage", ".".join(tables[0]), message, fix=fix)
