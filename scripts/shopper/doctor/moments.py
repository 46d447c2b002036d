"""Checks of timestamps: in the future or too early, always midnight, or most activity at night."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from shopper.doctor.findings import NOTE, WARNING, Finding, Fix, severity_of
from shopper.doctor.shop import Shop
from shopper.sql import literal

_ACTIVITY: Final = (("orders", "ordered_at"), ("events", "occurred_at"), ("sessions", "started_at"))
_NIGHT = range(1, 6)
_FEWEST_ROWS = 100


def check_moments(shop: Shop, now: datetime | None = None) -> Iterator[Finding]:
    """Check the timestamps of every table, and the hours of orders, events and sessions.

    `now` must have a time zone; None is the current time.
    """
    latest = (now or datetime.now(UTC)).astimezone(UTC) + timedelta(days=1)
    for table in shop.tables:
        for column in shop.present(table):
            if column.type == "timestamp" and column.presence in {"required", "checked"}:
                yield from _out_of_range(shop, table.name, column.name, latest)
    for name, column_name in _ACTIVITY:
        if shop.has(name, column_name):
            yield from _hours(shop, name, column_name)


def _out_of_range(shop: Shop, table: str, column: str, latest: datetime) -> Iterator[Finding]:
    earliest = str(shop.variables["earliest_date"])
    late, last, early, first = shop.query(
        f"select count(*) filter (where moment >= {literal(latest.strftime('%Y-%m-%d %H:%M:%S'))}::timestamp),"
        f" max(moment), count(*) filter (where moment < {literal(earliest)}::timestamp), min(moment)"
        f" from (select {shop.typed(table, column)} as moment from shop.{table})"
    )[0]
    subject, rows = f"{table}.{column}", shop.rows[table]
    if late and not column.startswith(("ended", "promised")):
        message = f"{late:,} are in the future; they go to quarantine and never move the as-of date"
        fix = (
            shop.column_fix(table, column, expression="<{} in the right unit and time zone>")
            if late / rows >= 0.05
            else None
        )
        yield Finding(
            severity_of(late / rows, few=NOTE), "future", subject, message, late, late / rows, (str(last),), fix
        )
    if early:
        message = f"{early:,} are before {earliest} (var earliest_date): an unset clock, or another unit"
        yield Finding(
            severity_of(early / rows, few=NOTE), "clock", subject, message, early, early / rows, (str(first),)
        )


def _hours(shop: Shop, table: str, column: str) -> Iterator[Finding]:
    zone, subject = str(shop.variables["reporting_timezone"]), f"{table}.{column}"
    local = f"(({shop.typed(table, column)}) at time zone 'UTC') at time zone {literal(zone)}"
    hours = dict(
        shop.query(
            f"select hour(moment), count(*) from (select {local} as moment from shop.{table})"
            " where moment is not null group by all"
        )
    )
    rows = sum(hours.values())
    if rows < _FEWEST_ROWS:
        return
    whole, moment = shop.query(
        "select count(*), min(moment) from"
        f" (select moment, cast(moment as time) as clock from (select {local} as moment from shop.{table}))"
        " where moment is not null group by clock order by count(*) desc, clock limit 1"
    )[0]
    if whole >= 0.9 * rows:
        clock = moment.time()
        if clock.hour == 0 and clock.minute == 0:
            message = "nearly all are at midnight: dates without a time, so the hour of the day has no meaning"
            yield Finding(NOTE, "time of day", subject, message, whole, whole / rows)
        else:
            message = f"nearly all are at {clock:%H:%M} in {zone}: dates, midnight in another time zone"
            fix = shop.column_fix(table, column, timezone="<the time zone of the shop's clock>")
            yield Finding(WARNING, "time zone", subject, message, whole, whole / rows, (str(moment),), fix)
        return
    night = sum(hours.get(hour, 0) for hour in _NIGHT) / rows
    quietest = min(range(24), key=lambda hour: (sum(hours.get((hour + i) % 24, 0) for i in range(5)), hour))
    quiet = sum(hours.get((quietest + i) % 24, 0) for i in range(5)) / rows
    if night > 5 / 24 and quiet < 0.5 * night:
        shift = (quietest - _NIGHT.start + 12) % 24 - 12
        peak = max(hours, key=lambda hour: (hours[hour], -hour))
        message = (
            f"{night:.0%} are between 1 and 6 at night in {zone}, most at {peak} o'clock; the quiet hours start at"
            f" {quietest}, so the clock seems {abs(shift)} hours {'ahead' if shift > 0 else 'behind'}"
        )
        place = "--vars, or vars of dbt_project.yml; or the mapping, where times are local: `timezone:`"
        fix = Fix(place, ("reporting_timezone: <the time zone of the shop's customers>",))
        yield Finding(WARNING, "time zone", subject, message, int(night * rows), night, fix=fix)
