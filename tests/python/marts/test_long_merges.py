"""Merged accounts of odd shapes: a chain of 50,000, and 100,000 accounts that lead into one cycle."""

from __future__ import annotations

from pathlib import Path

from landing import land
from running import rows
from shopper.dbt import WITHOUT_TESTS, run_dbt

CHAIN, CYCLE, LEADING = 50_000, 100, 100_000


def test_long_chains_and_crowded_cycles_are_followed_to_their_customer(tmp_path: Path) -> None:
    """Each account one step at a time took hours and gigabytes."""
    chain = [(f"chain-{n:06d}", f"chain-{n + 1:06d}") for n in range(CHAIN)]
    cycle = [(f"cycle-{n:03d}", f"cycle-{(n + 1) % CYCLE:03d}") for n in range(CYCLE)]
    leading = [(f"a-{n:06d}", f"a-{n - 1:06d}" if n % 10 else f"cycle-{n % CYCLE:03d}") for n in range(LEADING)]
    warehouse = tmp_path / "shop.duckdb"
    customers = [
        {"customer_id": account, "merged_into_customer_id": target} for account, target in (*chain, *cycle, *leading)
    ]
    land(warehouse, {"customers": customers, "orders": [{"order_id": "o", "ordered_at": "2025-05-01T00:00:00Z"}]})
    run_dbt(
        ["build", *WITHOUT_TESTS, "--select", "+int_merged_accounts"],
        variables={"raw_data": "source"},
        warehouse=warehouse,
        target=tmp_path / "target",
    )
    found = rows(
        warehouse,
        "select customer_id, count(*) from intermediate.int_merged_accounts group by customer_id order by all",
    )
    assert found == [(f"chain-{CHAIN:06d}", CHAIN + 1), ("cycle-000", CYCLE + LEADING)]
