"""`key:` of a source: files of overlapping periods, whose rows must not count twice."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from running import Ran, Shopper, rows

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


def _load(folder: Path, shopper: Shopper, source: str, **files: str) -> Ran:
    for name, text in files.items():
        (folder / f"orders{name}.csv").write_text(text, encoding="utf-8")
    (folder / "mapping.yml").write_text(re.sub(r"sheet: \{.*\}", f"sheet: {{{source}}}", MAPPING), encoding="utf-8")
    return shopper("load", folder / "mapping.yml")


def test_a_later_download_of_the_same_name_is_the_later_file(tmp_path: Path, shopper: Shopper, warehouse: Path) -> None:
    head = "Number,Shop,Day,Total\n"
    files = {
        name: f"{head}1,a,2024-01-01,{total}\n" for name, total in [("", 1), (" (1)", 2), (" (9)", 3), (" (10)", 4)]
    }
    # The same content as the first one: its total is again the right one.
    files[" (11)"] = files[""]
    ran = _load(tmp_path, shopper, "path: 'orders*.csv', key: [Number, Shop]", **files)
    assert ran.code == 0, ran.output
    assert [str(total) for _, _, total in rows(warehouse, FOUND)] == ["1"]


def test_files_with_other_columns_between_them_stay_in_order(tmp_path: Path, shopper: Shopper, warehouse: Path) -> None:
    ran = _load(
        tmp_path, shopper, "path: 'orders*.csv', needs: [Number, Shop, Day, Total]",
        a="Number,Shop,Day,Total\n1,a,2024-01-01,1\n", b="Shop,Number,Day,Total\na,2,2024-01-01,1\n",
        c="Number,Shop,Day,Total\n3,a,2024-01-01,1\n",
    )  # fmt: skip
    assert ran.code == 0, ran.output
    assert [order for order, *_ in rows(warehouse, "select order_id from raw.orders")] == ["1", "2", "3"]


def test_of_two_numbers_the_greater_is_newer(tmp_path: Path, shopper: Shopper, warehouse: Path) -> None:
    head = "Number,Shop,Day,Total,Revision\n"
    ran = _load(
        tmp_path, shopper, "path: 'orders*.csv', key: [Number, Shop], newest: Revision",
        a=f"{head}1,a,2024-01-01,10,10\n", b=f"{head}1,a,2024-01-01,9,9\n",
    )  # fmt: skip
    assert ran.code == 0, ran.output
    assert [str(total) for _, _, total in rows(warehouse, FOUND)] == ["10"]


def test_the_newest_rows_of_a_key_count_whatever_the_name(tmp_path: Path, shopper: Shopper, warehouse: Path) -> None:
    head = "Number,Shop,Day,Total,Changed\n"
    ran = _load(
        tmp_path, shopper, "path: 'orders*.csv', key: [Number, Shop], newest: Changed",
        a=f"{head}1,a,2024-01-01,1,2024-03-01\n1,a,2024-01-01,2,\n2,a,2024-01-01,3,\n",
        b=f"{head}1,a,2024-01-01,4,2024-02-01\n2,a,2024-01-01,5,\n",
    )  # fmt: skip
    assert ran.code == 0, ran.output
    assert [(order, str(total)) for order, _, total in rows(warehouse, FOUND)] == [("1", "1"), ("1", "2"), ("2", "5")]


def test_a_key_reads_days_in_other_forms_and_takes_the_first_column_with_a_value(
    tmp_path: Path, shopper: Shopper, warehouse: Path
) -> None:
    head = "Number,Id,Shop,Day,Total\n"
    ran = _load(
        tmp_path, shopper, "path: 'orders*.csv', key: [Day, [Id, Number], Shop]",
        a=f"{head}1,7,a,2024-01-31,1\n2,,a,2024-01-31,2\n3,,,2024-01-31,3\n4,,a,2024-01-31 10:00:00,4\n",
        b=f"{head}x,7,a,31.01.2024,5\n2,,a,2024-01-31 00:00:00,6\n3,,,2024-01-31,7\n4,,a,2024-01-31,8\n",
    )  # fmt: skip
    assert ran.code == 0, ran.output
    found = [(order, str(total)) for order, _, total in rows(warehouse, FOUND)]
    assert found == [("2", "6"), ("3", "7"), ("4", "4"), ("4", "8"), ("x", "5")]


def test_a_blank_has_the_value_of_the_row_above_it_in_its_file(
    tmp_path: Path, shopper: Shopper, warehouse: Path
) -> None:
    head = "Number,Shop,Day,Total\n"
    ran = _load(
        tmp_path, shopper, "path: 'orders*.csv', fill: [Number, Day], key: [Number]",
        a=f"{head}1,a,2024-01-01,1\n2,a,2024-01-02,2\n,b, ,3\n",
        b=f"{head},a,2024-01-03,4\n2,a,2024-01-02,5\n,,,6\n",
    )  # fmt: skip
    assert ran.code == 0, ran.output
    found = "select order_id, sales_channel, left(ordered_at, 10), cast(total_amount as varchar) from raw.orders"
    assert rows(warehouse, f"{found} order by all") == [
        ("1", "a", "2024-01-01", "1"), ("2", "a", "2024-01-02", "5"), ("2", None, "2024-01-02", "6"),
        (None, "a", "2024-01-03", "4"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("path: 'orders*.csv', newest: Day", "newest: needs the columns of `key`"),
        ("path: 'orders*.csv', key: Number", "key: expected a list of column names"),
        ("path: 'orders*.csv', key: [[Number, []]]", "key: expected a list of column names"),
        ("path: 'orders*.csv', fill: [Till]", "source sheet: fill: no column Till"),
        ("path: 'orders*.jsonl', fill: [Number]", "fill is for csv and xlsx only"),
    ],
)
def test_what_a_key_and_a_fill_must_be(
    tmp_path: Path, shopper: Shopper, warehouse: Path, source: str, said: str
) -> None:
    ran = _load(tmp_path, shopper, source, a="Number,Shop,Day,Total\n1,a,2024-01-01,1\n")
    assert ran.code == 2
    assert said in ran.output
    assert not warehouse.exists()


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
