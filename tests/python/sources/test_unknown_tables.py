"""A table that no file of the user could fill is not landed: unknown, where an empty one would mean none."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from running import ROOT, Shopper, rows

SOURCES = ROOT / "sources"
TABLES = "select list(table_name order by table_name) from duckdb_tables() where schema_name = 'raw'"


def landed(warehouse: Path) -> list[str]:
    return rows(warehouse, TABLES)[0][0]


def test_pages_alone_say_nothing_of_orders(tmp_path: Path, warehouse: Path, shopper: Shopper) -> None:
    mapping = tmp_path / "shop.yml"
    pages = SOURCES / "segment" / "example" / "pages.csv"
    assert shopper("init", pages, "-o", mapping, "--timezone", "UTC").code == 0
    loaded = shopper("load", mapping)
    assert loaded.code == 0, loaded.output
    assert landed(warehouse) == ["events", "sessions"]
    assert "unknown: orders, order_items, refunds, products" in loaded.output
    assert "orders" in loaded.output.split("absent: ")[1]
    again = shopper("load", mapping)
    assert "is unchanged" in again.output
    assert landed(warehouse) == ["events", "sessions"]


@pytest.mark.parametrize("source", ["segment", "posthog"])
def test_a_tracker_without_any_order_says_nothing_of_orders(
    source: str, tmp_path: Path, warehouse: Path, shopper: Shopper
) -> None:
    """The tracks are there, but none is an order: the site does not track them. What was known before is given up."""
    shutil.copytree(SOURCES / source, tmp_path / source)
    mapping = tmp_path / source / "mapping.yml"
    assert shopper("load", mapping).code == 0
    assert {"orders", "order_items"} <= set(landed(warehouse))
    for file in (path for path in (tmp_path / source / "example").rglob("*.*") if path.is_file()):
        first, *lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if "order" not in line.lower()]
        file.write_text("".join([first, *kept]), encoding="utf-8")
    loaded = shopper("load", mapping, "--accept-drift")
    assert loaded.code == 0, loaded.output
    assert not {"orders", "order_items", "refunds"} & set(landed(warehouse))
    assert "events" in landed(warehouse)


def test_a_shop_without_refunds_has_none(tmp_path: Path, warehouse: Path, shopper: Shopper) -> None:
    """Its orders say what was refunded: the transaction histories that are absent are not needed for that."""
    (tmp_path / "orders_export.csv").write_text(
        "Name,Created at,Financial Status,Subtotal,Total,Lineitem quantity,Lineitem name,Lineitem price\n"
        "#1,2024-01-01 10:00:00 +0100,paid,10,10,1,Mug,10\n",
        encoding="utf-8",
    )
    mapping = tmp_path / "shop.yml"
    assert shopper("init", tmp_path / "orders_export.csv", "-o", mapping, "--timezone", "UTC").code == 0
    assert shopper("load", mapping).code == 0
    assert "refunds" in landed(warehouse)
