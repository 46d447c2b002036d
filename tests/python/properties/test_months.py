"""Months of random sales, the last one incomplete: KPIs and revenue tree compared with the oracle, row by row."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final

import duckdb
import pytest

from landing import RawRow, land
from shopper.crosscheck.check import Check, Reader, run_check
from shopper.crosscheck.comparisons.business import CHECKS
from shopper.crosscheck.oracle.settings import Settings
from shopper.crosscheck.oracle.shop import Shop, compute
from shopper.dbt import PROJECT, WITHOUT_TESTS, run_dbt

_MONTHS: Final = [check for check in CHECKS if check.mart in {"kpi_monthly", "revenue_tree"}]
_FIRST: Final = datetime(2000, 1, 17, 4)
_DAYS: Final = 4_000


def _tables(chance: Random) -> dict[str, list[RawRow]]:
    """Eleven years with few orders of customers and guests; some months without orders, some with zero revenue."""
    orders: list[RawRow] = []
    items: list[RawRow] = []
    day = 0
    while day < _DAYS:
        for number in range(chance.choice([1, 1, 2, 5])):
            order_id, moment = f"{day}-{number}", (_FIRST + timedelta(days=day)).isoformat()
            customer = chance.choice(["", *(f"c{name}" for name in range(6))])
            orders.append({"order_id": order_id, "customer_id": customer, "ordered_at": moment, "paid_at": moment})
            for line in range(chance.choice([0, 1, 1, 3])):
                items.append(
                    {
                        "order_item_id": f"{order_id}-{line}", "order_id": order_id,
                        "quantity": chance.choice(["1", "2", "0.5", "1000", "0"]),
                        "unit_price": chance.choice(["0", "0.01", "7.77", "1999.99"]),
                    }
                )  # fmt: skip
        day += chance.choice([1, 3, 3, 10, 10, 40])
    orders.append({"order_id": "last", "ordered_at": (_FIRST + timedelta(days=_DAYS)).isoformat(), "status": "failed"})
    return {"orders": orders, "order_items": items}


@pytest.fixture(scope="module", params=["with lines", "without lines"])
def months(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, object]]:
    """A warehouse with the marts, and the vars of the build."""
    folder = tmp_path_factory.mktemp("months")
    tables = _tables(Random(11))
    if request.param == "without lines":
        for place, order in enumerate(tables["orders"]):
            order["total_amount"] = str(place % 7)
        del tables["order_items"]
    land(folder / "months.duckdb", tables)
    variables: dict[str, object] = {"raw_data": "source"}
    run_dbt(
        ["build", *WITHOUT_TESTS, "--select", "path:seeds/reference", *(f"+{check.mart}" for check in _MONTHS)],
        variables=variables, warehouse=folder / "months.duckdb", target=folder / "target",
    )  # fmt: skip
    return folder / "months.duckdb", variables


def test_kpis_and_revenue_tree_equal_the_oracle(months: tuple[Path, dict[str, object]]) -> None:
    warehouse, variables = months
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        shop: Shop = compute(connection, PROJECT, Settings.of_project(PROJECT, variables))
        for check in _MONTHS:
            _equal(check, shop, Reader(connection))
        explained = connection.execute(
            "select count(customers_part), count(*), bool_and(is_complete) from marts.revenue_tree"
        ).fetchone()
    assert explained is not None
    parts, all_months, is_complete = explained
    assert 60 < parts < all_months and not is_complete


def _equal(check: Check, shop: Shop, reader: Reader) -> None:
    result = run_check(check, shop, reader)
    assert result.comparison is not None and result.comparison.cells > 1_000
    assert result.comparison.is_equal, "\n".join(map(str, result.comparison.examples))
