"""Shops with few inputs: what does not need the missing ones is built and tested, and the rest is reported."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Final

import duckdb
import pytest

from data_tests import DataTests
from explained import unexplained
from landing import RawRow, copy_raw, land
from replay import Replay
from running import rows
from shopper.crosscheck.comparisons import channels, customers, orders, raw_rows, run, sessions
from shopper.crosscheck.crosscheck import crosscheck
from shopper.dbt import PROJECT, WITHOUT_TESTS, DbtError, DbtRun, run_dbt
from shopper.doctor.inputs import effects
from shopper.explain.rules import mart_rules

Tables = dict[str, list[RawRow]]
CHECKS: Final = (*run.CHECKS, *raw_rows.CHECKS, *orders.CHECKS, *sessions.CHECKS, *customers.CHECKS, *channels.CHECKS)
"""The checks with the second computation that run here too."""


def _shop() -> Tables:
    """One year of 60 customers: orders with items, sessions with events."""
    chance = Random(11)
    tables: Tables = {"orders": [], "order_items": [], "sessions": [], "events": []}
    for visit in range(300):
        customer = chance.randrange(60)
        began = datetime(2024, 7, 1) + timedelta(minutes=chance.randrange(365 * 24 * 60))
        tables["sessions"].append(
            {"session_id": f"s{visit}", "visitor_id": f"v{customer}", "started_at": began.isoformat()}
        )
        steps = ("page_view", "product_view", "add_to_cart", "begin_checkout", "purchase")[: chance.randint(1, 5)]
        for place, step in enumerate(steps):
            moment = (began + timedelta(seconds=20 * place)).isoformat()
            tables["events"].append(
                {
                    "event_id": f"s{visit}-{place}",
                    "session_id": f"s{visit}",
                    "visitor_id": f"v{customer}",
                    "event_type": step,
                    "occurred_at": moment,
                }
            )
        if steps[-1] == "purchase":
            tables["orders"].append(
                {
                    "order_id": f"o{visit}",
                    "customer_id": f"c{customer}",
                    "session_id": f"s{visit}",
                    "ordered_at": began.isoformat(),
                    "total_amount": "19.90",
                }
            )
            tables["order_items"].append(
                {"order_item_id": f"i{visit}", "order_id": f"o{visit}", "quantity": "2", "unit_price": "9.95"}
            )
    return tables


SHOP: Final = _shop()


class Builds:
    """Builds one warehouse file after the other, with all data tests of models; dbt checks the inputs and compiles."""

    def __init__(self, folder: Path) -> None:
        self.warehouse = folder / "shop.duckdb"
        self._target = folder / "target"

    def build(self, *tables: str) -> DbtRun:
        land(self.warehouse, {name: SHOP[name] for name in tables})
        how = {"variables": {"raw_data": "source"}, "warehouse": self.warehouse, "target": self._target}
        started = run_dbt(["build", *WITHOUT_TESTS, "--select", "path:seeds/reference", "source_orders"], **how)
        run_dbt(["compile", "--write-json"], **how)
        replay = Replay(self.warehouse, self._target)
        with duckdb.connect(str(self.warehouse)) as connection:
            connection.execute("set TimeZone = 'UTC'")
            replay.run(connection)
            assert DataTests(self._target).failures(connection, replay.names) == {}
        return started

    def misses(self) -> list[str]:
        """Differences from the second computation. Planted truths exist only in the sample."""
        outcome = crosscheck(self.warehouse, PROJECT, {}, CHECKS)
        assert outcome.measured == []
        wrong = [one for one in outcome.results if not one.passed]
        return [f"{one.check.mart}: {one.comparison and one.comparison.examples[0]}" for one in wrong]

    def count(self, mart: str) -> object:
        return rows(self.warehouse, f"select count(*) from marts.{mart}")[0][0]


@pytest.fixture(scope="module")
def builds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Builds]:
    yield Builds(tmp_path_factory.mktemp("missing"))


def _unexplained(warehouse: Path) -> list[str]:
    """Columns of marts with rules of explanation that their parts contradict in the first or the last row."""
    return [column for mart in mart_rules() for column in unexplained(warehouse, mart, extremes=False)[0]]


def _not_empty_as_told(builds: Builds, *tables: str) -> list[str]:
    """Marts that have rows although `shopper doctor` calls them empty without the other tables."""
    absent = [effect for table, effect in effects()["tables"].items() if table not in tables]
    built = rows(builds.warehouse, "select table_name, estimated_size from duckdb_tables() where schema_name = 'marts'")
    empty = {mart for effect in absent for mart in effect.get("empty", ())}
    return sorted(str(mart) for mart, count in built if count and mart in empty)


def _absent(built: DbtRun) -> str:
    notes = [message for message in built.messages if "absent" in message]
    assert len(notes) == 1, notes
    return notes[0]


def test_a_shop_with_only_orders_is_built(builds: Builds) -> None:
    built = builds.build("orders")
    assert {"order_items", "sessions", "events", "customers"} <= set(_absent(built).replace(",", " ").split())
    assert builds.count("orders") == len(SHOP["orders"])
    for mart in (
        "customers",
        "customer_rfm",
        "customer_tier_summary",
        "retention_cohorts",
        "kpi_daily",
        "channel_efficiency",
    ):
        assert builds.count(mart), mart
    for mart in ("sessions", "funnel_daily", "order_items", "refunds"):
        assert builds.count(mart) == 0, mart
    revenue = rows(builds.warehouse, "select sum(net_revenue) from marts.orders")
    assert revenue == [(Decimal("19.90") * len(SHOP["orders"]),)]
    assert _not_empty_as_told(builds, "orders") == []
    assert builds.misses() == []
    assert _unexplained(builds.warehouse) == []


def test_a_shop_with_only_orders_and_items_is_built(builds: Builds) -> None:
    built = builds.build("orders", "order_items")
    absent = set(_absent(built).replace(",", " ").split())
    assert "sessions" in absent and "order_items" not in absent
    revenue = rows(builds.warehouse, "select sum(net_revenue) from marts.orders")
    assert revenue == [(Decimal("19.90") * len(SHOP["orders"]),)]
    assert builds.count("customer_rfm") == len({row["customer_id"] for row in SHOP["orders"]})
    assert _not_empty_as_told(builds, "orders", "order_items") == []
    assert builds.misses() == []
    assert _unexplained(builds.warehouse) == []


def test_a_shop_with_only_sessions_and_events_is_built(builds: Builds) -> None:
    built = builds.build("sessions", "events")
    assert "orders" in set(_absent(built).replace(",", " ").split())
    assert builds.count("sessions") == len(SHOP["sessions"])
    for mart in ("funnel_daily", "session_traffic_daily", "kpi_daily", "channel_efficiency"):
        assert builds.count(mart), mart
    for mart in ("orders", "order_items", "customer_rfm", "retention_cohorts"):
        assert builds.count(mart) == 0, mart
    payments = "select sum(reached) from marts.funnel_daily where step_name = 'payment'"
    purchases = sum(row["event_type"] == "purchase" for row in SHOP["events"])
    assert rows(builds.warehouse, payments) == [(purchases,)]
    assert _not_empty_as_told(builds, "sessions", "events") == []
    assert builds.misses() == []
    assert _unexplained(builds.warehouse) == []


def test_a_shop_without_data_is_an_error(builds: Builds) -> None:
    with pytest.raises(DbtError, match="none of the tables orders, sessions, events"):
        builds.build()


def test_a_missing_required_column_is_an_error(builds: Builds) -> None:
    land(builds.warehouse, {"orders": [{"order_id": "1", "customer_id": "c"}]})
    with pytest.raises(DbtError, match=r"raw\.orders lacks the required column ordered_at"):
        run_dbt(
            ["build", "--select", "+stg_orders"], variables={"raw_data": "source"}, warehouse=builds.warehouse,
            target=builds.warehouse.parent / "target",
        )  # fmt: skip


def test_a_lost_seed_of_the_sample_is_an_error(builds: Builds) -> None:
    """Only a landed table may be absent."""
    target = builds.warehouse.parent / "target_of_the_sample"
    with pytest.raises(DbtError, match="the seed raw_orders is not in the warehouse"):
        run_dbt(["run", "--select", "source_orders"], warehouse=builds.warehouse, target=target)


KNOWN_ZEROS: Final = {
    "orders": {
        "clv_model_parameters.value",  # a model without customers
        "customers.is_known_customer", "customers.is_visitor",  # rows that only orders make
        "refunds", "return_reasons",  # the one credit note that names no order
    },
    "events": {
        # Sessions of which events are known: none.
        "channel_efficiency.sessions_with_pages", "channel_efficiency_overall.sessions_with_pages",
        "customer_shopper_types.sessions_with_events",
        "landing_pages.sessions_with_events", "session_traffic_daily.measured_sessions",
        "sessions.is_derived",  # only events make such sessions
        "funnel_daily.reached_out_of_order", "visitor_funnel_daily.reached_out_of_order",  # of steps that orders know
    },
}  # fmt: skip
"""Columns that are rightly all 0 or false without the table, or whole marts."""


def _values(warehouse: Path) -> dict[str, tuple[int, int]]:
    """By column of a mart, of numbers and booleans: known values, and those that are neither 0 nor false."""
    found = {}
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        columns = connection.execute(
            "select table_name, column_name, data_type = 'BOOLEAN' from duckdb_columns() "
            "where schema_name = 'marts' and regexp_matches(data_type, '^(BOOLEAN|BIGINT|INTEGER|DOUBLE|DECIMAL)')"
        ).fetchall()
        for mart, column, is_boolean in columns:
            holds = f'"{column}"' if is_boolean else f'"{column}" <> 0'
            counts = connection.execute(f'select count("{column}"), count(*) filter ({holds}) from marts.{mart}')
            found[f"{mart}.{column}"] = counts.fetchall()[0]
    return found


@pytest.mark.parametrize("table", list(KNOWN_ZEROS))
def test_what_a_missing_table_would_tell_is_null(sample_warehouse: Path, tmp_path: Path, table: str) -> None:
    """The sample shop less one table: no column that has values turns into nothing but 0 or false."""
    warehouse = tmp_path / "shop.duckdb"
    shutil.copy(sample_warehouse, warehouse)
    copy_raw(sample_warehouse, warehouse, without=[table])
    target = tmp_path / "target"
    run_dbt(["compile", "--write-json"], variables={"raw_data": "source"}, warehouse=warehouse, target=target)
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("set TimeZone = 'UTC'")
        Replay(warehouse, target).run(connection)
    before, after = _values(sample_warehouse), _values(warehouse)
    turned = {column for column, (known, others) in after.items() if known and not others and before[column][1]}
    allowed = KNOWN_ZEROS[table]
    assert {one for one in turned if one not in allowed and one.split(".")[0] not in allowed} == set()
