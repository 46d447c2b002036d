"""Headers that hold a currency: the column has its name, the text within the header becomes a column."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from running import Ran, Shopper, rows

NAMED = "needs: [Day, Cost], may_have: [Currency], names: {Cost: ['Cost (<Currency>)', 'Kosten (<Currency>)']}"
TABLE = "marketing_spend: {source: report, columns: {spend_date: Day, spend: Cost, currency: Currency}}"
SPEND = "select spend_date, spend, currency from raw.marketing_spend order by all"


@pytest.fixture
def load(tmp_path: Path, shopper: Shopper) -> Callable[[str], Ran]:
    """Load files of the folder of the mapping as the source `report`, a YAML entry."""

    def run(source: str) -> Ran:
        mapping = tmp_path / "mapping.yml"
        mapping.write_text(f"sources:\n  report: {{{source}}}\ntables: {{{TABLE}}}\n", encoding="utf-8")
        return shopper("load", mapping)

    return run


def test_the_currency_of_each_csv_file_is_that_of_its_header(
    load: Callable[[str], Ran], tmp_path: Path, warehouse: Path
) -> None:
    (tmp_path / "a.csv").write_text("Day,cost  (EUR)\n2024-01-01,1\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text("Day,Kosten (USD),Cost per click (USD)\n2024-01-02,2,9\n", encoding="utf-8")
    (tmp_path / "c.csv").write_text("Day,Cost,Currency\n2024-01-03,3,GBP\n", encoding="utf-8")
    (tmp_path / "d.csv").write_text("Day,Cost\n2024-01-04,4\n", encoding="utf-8")
    ran = load(f"path: '*.csv', {NAMED}")
    assert ran.code == 0, ran.output
    assert rows(warehouse, SPEND) == [
        ("2024-01-01", "1", "EUR"),
        ("2024-01-02", "2", "USD"),
        ("2024-01-03", "3", "GBP"),
        ("2024-01-04", "4", None),
    ]


def test_an_own_column_goes_before_the_header(load: Callable[[str], Ran], tmp_path: Path, warehouse: Path) -> None:
    (tmp_path / "a.csv").write_text("Day,Cost (EUR),currency\n2024-01-01,1,CHF\n", encoding="utf-8")
    assert load(f"path: a.csv, {NAMED}").code == 0
    assert rows(warehouse, SPEND) == [("2024-01-01", "1", "CHF")]


def test_json_lines_and_parquet_have_such_headers_too(
    load: Callable[[str], Ran], tmp_path: Path, warehouse: Path
) -> None:
    for name, currency in (("a", "EUR"), ("b", "USD")):
        line = f'{{"Day": "2024-01-01", "Cost ({currency})": "1"}}\n'
        (tmp_path / f"{name}.jsonl").write_text(line, encoding="utf-8")
        pq.write_table(pa.table({"Day": ["2024-01-01"], f"Cost ({currency})": ["1"]}), tmp_path / f"{name}.parquet")
    for kind in ("jsonl", "parquet"):
        ran = load(f"path: '*.{kind}', {NAMED}")
        assert ran.code == 0, ran.output
        assert rows(warehouse, SPEND) == [("2024-01-01", "1", "EUR"), ("2024-01-01", "1", "USD")], kind


def test_a_missing_column_is_named_and_the_text_needs_a_column(
    load: Callable[[str], Ran], tmp_path: Path, warehouse: Path
) -> None:
    (tmp_path / "a.csv").write_text("Day,Spent (EUR)\n2024-01-01,1\n", encoding="utf-8")
    ran = load(f"path: a.csv, {NAMED}")
    assert ran.code == 2
    assert "a.csv has no column Cost (or Cost (<Currency>), Kosten (<Currency>))" in ran.output
    ran = load("path: a.csv, needs: [Day, Cost], names: {Cost: ['Spent (<Currency>)']}")
    assert ran.code == 2
    assert "names: Cost: <Currency> is not in may_have" in ran.output
    assert not warehouse.exists()
