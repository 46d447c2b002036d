"""`key:` of a source: files of overlapping periods, whose rows must not count twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from running import Shopper, rows

MAPPING = """
sources:
  sheet: {path: "orders*.csv", key: [Number, Shop], may_have: [Number, Shop, Day, Total]}
tables:
  orders:
    source: sheet
    columns: {order_id: Number, sales_channel: Shop, ordered_at: Day, total_amount: Total}
"""
FOUND = "select order_id, sales_channel, total_amount from raw.orders order by all"


def test_of_rows_in_several_files_those_of_the_last_file_count(
    tmp_path: Path, shopper: Shopper, warehouse: Path
) -> None:
    (tmp_path / "orders-01.csv").write_text(
        "Number,Shop,Day,Total\n1,a,2024-01-01,10\n1,b,2024-01-01,11\n2,a,2024-01-02,12\n2,a,2024-01-02,13\n,a,2024-01-03,5\n",
        encoding="utf-8",
    )
    # In another encoding, so that a copy of it is read, whose name does not follow that of the first file.
    (tmp_path / "orders-02.csv").write_text(
        "Total,Day,Shop,Number\n20,2024-01-02,a,2 \n21,2024-01-02,a,2\n5,2024-01-03,a,\n", encoding="utf-8-sig"
    )
    (tmp_path / "mapping.yml").write_text(MAPPING, encoding="utf-8")
    ran = shopper("load", tmp_path / "mapping.yml")
    assert ran.code == 0, ran.output
    assert "overlap: source sheet: 2 rows are in a later file again and count once" in ran.output
    assert [tuple(map(str, row)) for row in rows(warehouse, FOUND)] == [
        ("1", "a", "10"), ("1", "b", "11"), ("2", "a", "21"), ("2 ", "a", "20"), ("None", "a", "5"), ("None", "a", "5"),
    ]  # fmt: skip


@pytest.mark.parametrize("content", ["Number,Shop,Day,Total\n", "Number,Shop,Day,Total"])
def test_a_file_of_a_header_alone_is_named(tmp_path: Path, shopper: Shopper, warehouse: Path, content: str) -> None:
    (tmp_path / "orders-01.csv").write_text(content, encoding="utf-8")
    (tmp_path / "mapping.yml").write_text(MAPPING, encoding="utf-8")
    ran = shopper("load", tmp_path / "mapping.yml")
    assert ran.code == 0, ran.output
    assert f"no rows: source sheet: {tmp_path / 'orders-01.csv'} has none" in ran.output


def test_a_key_that_the_files_lack_is_an_error(tmp_path: Path, shopper: Shopper, warehouse: Path) -> None:
    (tmp_path / "orders-01.csv").write_text("Number,Shop,Day,Total\n1,a,2024-01-01,10\n", encoding="utf-8")
    (tmp_path / "mapping.yml").write_text(MAPPING.replace("Shop], may", "Till], may"), encoding="utf-8")
    ran = shopper("load", tmp_path / "mapping.yml")
    assert ran.code == 2
    assert "source sheet: key: no column Till" in ran.output
    assert not warehouse.exists()
