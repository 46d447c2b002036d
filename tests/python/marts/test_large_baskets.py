"""Baskets of 20,000 lines: paired within 2 GB, capped to the most bought products, and counted as capped."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from landing import RawRow, land
from running import rows
from shopper.dbt import WITHOUT_TESTS, run_dbt

LINES: Final = 20_000
LARGE: Final = 5
CAP: Final = 100
BEST_SELLERS: Final = ("p19998", "p19999")


def _shop() -> dict[str, list[RawRow]]:
    """Some orders of every product, just enough that none is rare, and some orders of only two products."""
    tables: dict[str, list[RawRow]] = {"orders": [], "order_items": []}
    everything = tuple(f"p{place:05d}" for place in range(LINES))
    for number, products in enumerate([everything] * LARGE + [BEST_SELLERS] * 3):
        moment = datetime(2024, 1, 1) + timedelta(days=number)
        tables["orders"].append({"order_id": f"o{number}", "customer_id": "c", "ordered_at": moment.isoformat()})
        tables["order_items"] += [
            {
                "order_item_id": f"o{number}-{product}",
                "order_id": f"o{number}",
                "product_id": product,
                "quantity": "1",
                "unit_price": "1",
            }
            for product in products
        ]
    return tables


def test_large_baskets_are_capped_within_the_memory_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each large basket has 200 million pairs; only those of the 100 most bought products are counted."""
    monkeypatch.setenv("SHOPPER_MEMORY_LIMIT", "2GB")
    monkeypatch.setenv("SHOPPER_TEMP", str(tmp_path / "spill"))
    warehouse = tmp_path / "shop.duckdb"
    land(warehouse, _shop())
    run_dbt(
        ["build", *WITHOUT_TESTS, "--select", "+product_affinity", "+customer_recommendations"],
        variables={"raw_data": "source"},
        warehouse=warehouse,
        target=tmp_path / "target",
    )
    query = "select {} from marts.product_affinity where level = 'product'"
    assert rows(warehouse, query.format("count(*), min(baskets), max(capped_baskets)")) == [
        (CAP * (CAP - 1) // 2, LARGE + 3, LARGE)
    ]
    best = query.format("product_a, product_b, orders_together") + " order by orders_together desc limit 1"
    assert rows(warehouse, best) == [(*BEST_SELLERS, LARGE + 3)]
    kept = {row[0] for row in rows(warehouse, query.format("distinct product_a"))}
    assert kept == {f"p{place:05d}" for place in range(CAP - 2)} | {BEST_SELLERS[0]}
    assert rows(warehouse, "select count(*) from marts.customer_recommendations where customer_id = 'c'") == [(10,)]
