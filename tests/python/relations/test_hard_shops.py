"""Shops that are hard to count, beside the second computation: crowded ids, late events, week 53, undone merges."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import duckdb
import pytest
from base_shop import AS_OF, VARIABLES, Base
from changes import shift
from mart_rows import differences, read_marts
from small_shop import moment

from running import ROOT
from shopper.crosscheck.check import Reader, run_check
from shopper.crosscheck.comparisons import CHECKS
from shopper.crosscheck.crosscheck import settings_of
from shopper.crosscheck.oracle.shop import compute

Connection = duckdb.DuckDBPyConnection
DAYS: Final = 600
"""To 5 January 2027: the days end with the 53rd ISO week of 2026."""


def crowd(connection: Connection) -> None:
    """One customer has a tenth of all orders, one visitor id half of all visitors; some events come a year late."""
    connection.execute(
        "update raw.orders set customer_id = (select min(customer_id) from raw.customers) where md5(order_id) < '1a'"
    )
    for table in ("sessions", "events", "orders"):
        connection.execute(f"update raw.{table} set visitor_id = 'kiosk' where md5(visitor_id) < '8'")
    connection.execute(
        "insert into raw.events by name select * replace ('late-' || event_id as event_id,"
        f" {moment('occurred_at', '- interval 364 day')} as occurred_at) from raw.events where md5(event_id) < '02'"
    )


def shift_to_week_53(connection: Connection) -> None:
    shift(connection, days=DAYS)


def undo_merges(connection: Connection) -> None:
    """All merged accounts are separate again."""
    connection.execute("update raw.customers set merged_into_customer_id = null")


@dataclass(frozen=True)
class HardShop:
    """A change of the raw tables. as_of: the as-of date that goes with it."""

    change: Callable[[Connection], None]
    as_of: str = AS_OF


HARD: Final = {
    "crowded": HardShop(crowd),
    "week 53": HardShop(shift_to_week_53, (date.fromisoformat(AS_OF) + timedelta(days=DAYS)).isoformat()),
    "merges undone": HardShop(undo_merges),
}


@pytest.mark.parametrize("name", HARD)
def test_a_hard_shop_agrees_with_the_second_computation(name: str, base: Base, tmp_path: Path) -> None:
    hard = HARD[name]
    with base.replay.copy(tmp_path / base.warehouse.name) as connection:
        hard.change(connection)
        base.replay.run(connection, literals={AS_OF: hard.as_of})
        shop = compute(connection, ROOT, settings_of(ROOT, {**VARIABLES, "as_of_date": hard.as_of}))
        reader = Reader(connection)
        failed = [result for result in (run_check(check, shop, reader) for check in CHECKS) if not result.passed]
        assert [(one.check.what, one.comparison and one.comparison.examples[:2]) for one in failed] == []
        if name == "crowded":
            shares = connection.execute(
                "select max(share) from (select count(*) / sum(count(*)) over () as share from marts.orders"
                " group by customer_id)"
            ).fetchone()
            shared = connection.execute("select count(*) from marts.sessions where visitor_id = 'kiosk'").fetchone()
            assert shares and shares[0] > 0.1 and shared and shared[0] > 1000
        if name == "merges undone":
            own = "raw.orders as landed inner join marts.orders as built using (order_id)"
            moved = connection.execute(
                f"select count(*) from {own} inner join raw.customers as named"
                " on named.customer_id = landed.customer_id where built.customer_id <> landed.customer_id"
            ).fetchone()
            assert moved == (0,)


def test_a_reporting_time_zone_that_changed_and_changed_back_leaves_no_trace(base: Base, tmp_path: Path) -> None:
    with base.replay.copy(tmp_path / base.warehouse.name) as connection:
        base.replay.run(connection, literals={"Asia/Shanghai": "America/Phoenix"})
        assert "kpi_daily" in differences(base.marts, read_marts(connection))
        base.replay.run(connection)
        assert differences(base.marts, read_marts(connection)) == {}
