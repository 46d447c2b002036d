"""`decimal: ","`: files of spreadsheets whose numbers have a decimal comma."""

from __future__ import annotations

from pathlib import Path

from running import Shopper, rows

MAPPING = """
sources:
  sheet: {path: orders.csv, delimiter: ";", decimal: ","}
  numbers: {query: "select Number, Code, Day, number_of(Total) as total from sheet"}
tables:
  orders:
    source: numbers
    columns: {order_id: Number, promotion_code: Code, ordered_at: Day, total_amount: total}
"""
TOTALS = "select order_id, promotion_code, cast(total_amount as decimal(18, 2))::varchar from raw.orders order by all"


def test_only_columns_of_numbers_are_read_with_a_point(tmp_path: Path, shopper: Shopper, warehouse: Path) -> None:
    (tmp_path / "orders.csv").write_text(
        "Number;Code;Day;Total\n1.001;1,5;2024-01-01;1.250\n1.002;X;2024-01-01;-1.234,5 €\n1.003;;2024-01-01;\n",
        encoding="utf-8",
    )
    (tmp_path / "mapping.yml").write_text(MAPPING, encoding="utf-8")
    ran = shopper("load", tmp_path / "mapping.yml")
    assert ran.code == 0, ran.output
    assert rows(warehouse, TOTALS) == [("1.001", "1,5", "1250.00"), ("1.002", "X", "-1234.50"), ("1.003", None, None)]


def test_a_column_of_both_signs_is_an_error(tmp_path: Path, shopper: Shopper, warehouse: Path) -> None:
    (tmp_path / "orders.csv").write_text(
        "Number;Code;Day;Total\n1;;2024-01-01;12,50\n2;;2024-01-01;12.50\n", encoding="utf-8"
    )
    (tmp_path / "mapping.yml").write_text(MAPPING, encoding="utf-8")
    ran = shopper("load", tmp_path / "mapping.yml")
    assert ran.code == 2
    assert f"not a number (decimal sign .): 12,50 ({tmp_path / 'orders.csv'}, column Total)" in ran.output
    assert not warehouse.exists()
