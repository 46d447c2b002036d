"""RFM on a population with many ties, compared with direct counting; and again with scaled amounts."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final

import duckdb
import pytest

from landing import RawRow, land
from shopper.dbt import WITHOUT_TESTS, run_dbt

_AS_OF: Final = date(2025, 6, 30)
_CUSTOMERS: Final = 120


def _tables(scale: int, customers: int = _CUSTOMERS) -> dict[str, list[RawRow]]:
    """Customers with few distinct dates, frequencies and amounts; amounts are multiplied by the scale."""
    chance = Random(5)
    orders: list[RawRow] = []
    items: list[RawRow] = []
    for customer in range(customers):
        for number in range(chance.choice([1, 1, 1, 2, 3])):
            order_id = f"{customer}-{number}"
            day = datetime(2025, 6, 30, 4) - timedelta(days=chance.choice([0, 10, 10, 50, 364]))
            orders.append(
                {
                    "order_id": order_id,
                    "customer_id": f"c{customer}",
                    "ordered_at": day.isoformat(),
                    "paid_at": day.isoformat(),
                }
            )
            price = str(scale * chance.choice([10, 10, 20, 55]))
            items.append({"order_item_id": order_id, "order_id": order_id, "quantity": "1", "unit_price": price})
    return {"orders": orders, "order_items": items}


def _scored(folder: Path, tables: dict[str, list[RawRow]]) -> dict[str, dict[str, object]]:
    warehouse = folder / "rfm.duckdb"
    land(warehouse, tables)
    run_dbt(
        ["build", *WITHOUT_TESTS, "--select", "+customer_rfm"],
        variables={"raw_data": "source", "as_of_date": _AS_OF.isoformat()},
        warehouse=warehouse,
        target=folder / "target",
    )
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        result = connection.execute("select * from marts.customer_rfm")
        names = [column[0] for column in result.description]
        return {
            row["customer_id"]: row for row in (dict(zip(names, values, strict=True)) for values in result.fetchall())
        }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One warehouse and one dbt target folder for all builds, so that dbt parses only once."""
    return tmp_path_factory.mktemp("rfm")


@pytest.fixture(scope="module")
def scored(folder: Path) -> dict[str, dict[str, object]]:
    return _scored(folder, _tables(1))


def test_scores_count_strictly_worse_customers(scored: dict[str, dict[str, object]]) -> None:
    rows = list(scored.values())
    assert len(rows) == _CUSTOMERS
    for row in rows:
        for measure, score, sign in (
            ("recency_days", "r_score", -1),
            ("frequency", "f_score", 1),
            ("monetary", "m_score", 1),
        ):
            worse = sum(sign * other[measure] < sign * row[measure] for other in rows)  # type: ignore[operator]
            assert row[score] == 1 + 5 * worse // len(rows)


def test_scaling_money_does_not_change_segments(scored: dict[str, dict[str, object]], folder: Path) -> None:
    scaled = _scored(folder, _tables(7))
    for customer, row in scored.items():
        other = scaled[customer]
        assert other["monetary"] == 7 * row["monetary"]  # type: ignore[operator]
        for column in ("r_score", "f_score", "m_score", "rfm_segment", "rfm_value_class"):
            assert other[column] == row[column]


def test_an_additional_customer_changes_scores_by_at_most_one(
    scored: dict[str, dict[str, object]], folder: Path
) -> None:
    more = _scored(folder, _tables(1, customers=_CUSTOMERS + 1))
    assert set(more) - set(scored) == {f"c{_CUSTOMERS}"}
    for customer, row in scored.items():
        for score in ("r_score", "f_score", "m_score"):
            assert abs(more[customer][score] - row[score]) <= 1  # type: ignore[operator]


def test_four_customers_have_no_scores(folder: Path) -> None:
    rows = _scored(folder, _tables(1, customers=4)).values()
    assert len(rows) == 4
    assert {row[score] for row in rows for score in ("r_score", "f_score", "m_score", "rfm_segment")} == {None}
