"""Named columns of a source, title and total rows, declared types, absent files: what is read, and clear errors."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from running import Ran, Shopper, rows

Load = Callable[..., Ran]

NAMED = "needs: [Name, Created at], may_have: [Email], names: {Created at: [Erstellt am, 创建时间], Email: [E-Mail]}"
ORDERS = "orders: {source: shop, columns: {order_id: Name, ordered_at: Created at, customer_id: Email}}"


@pytest.fixture
def load(tmp_path: Path, shopper: Shopper) -> Load:
    """Write the files and load them as the source `shop`, a YAML entry."""

    def run(source: str, tables: str = ORDERS, **files: str) -> Ran:
        for name, content in files.items():
            (tmp_path / name.replace("__", ".")).write_text(content, encoding="utf-8")
        mapping = tmp_path / "mapping.yml"
        mapping.write_text(f"sources:\n  shop: {{{source}}}\ntables: {{{tables}}}\n", encoding="utf-8")
        return shopper("load", mapping)

    return run


def orders(warehouse: Path) -> list[tuple[object, ...]]:
    return rows(warehouse, "select order_id, ordered_at, customer_id from raw.orders order by all")


@pytest.mark.parametrize(
    "header",
    ["Name,Created at,Email", "name,CREATED  AT , e-mail", "Name,Erstellt am,E-Mail", "Name,创建时间,Email"],
)
def test_headers_match_without_case_and_in_other_languages(load: Load, warehouse: Path, header: str) -> None:
    assert load(f"path: a.csv, {NAMED}", a__csv=f"{header}\n1,2024-01-01,anna\n").code == 0
    assert orders(warehouse) == [("1", "2024-01-01", "anna")]


def test_files_in_two_languages_and_without_an_optional_column_form_one_table(load: Load, warehouse: Path) -> None:
    ran = load(
        f"path: '*.csv', {NAMED}",
        a__csv="Email,Name,Created at\nanna,1,2024-01-01\n",
        b__csv="Erstellt am,Name\n2024-01-02,2\n",
    )
    assert ran.code == 0, ran.output
    assert orders(warehouse) == [("1", "2024-01-01", "anna"), ("2", "2024-01-02", None)]


def test_a_missing_column_is_named_with_those_of_the_file(load: Load, warehouse: Path) -> None:
    ran = load(f"path: a.csv, {NAMED}", a__csv="Name,Created on\n1,2024-01-01\n")
    assert ran.code == 2
    assert "a.csv has no column Created at (or Erstellt am, 创建时间) (is it Created on?)" in ran.output
    assert "it has Name, Created on" in ran.output
    assert not warehouse.exists()


def test_the_own_header_goes_before_another_name_and_repeated_columns_load(load: Load, warehouse: Path) -> None:
    ran = load(f"path: a.csv, {NAMED}", a__csv="Name,Erstellt am,Created at,Note,note\n1,2020-01-01,2024-01-01,x,y\n")
    assert ran.code == 0, ran.output
    assert orders(warehouse) == [("1", "2024-01-01", None)]


def test_json_rows_may_use_different_names(load: Load, warehouse: Path) -> None:
    lines = '{"name": "1", "erstellt am": "2024-01-01"}\n{"Name": "2", "Created at": "2024-01-02", "Email": "bob"}\n'
    assert load(f"path: a.jsonl, {NAMED}", a__jsonl=lines).code == 0
    assert orders(warehouse) == [("1", "2024-01-01", None), ("2", "2024-01-02", "bob")]
    ran = load(f"path: b.jsonl, {NAMED}", b__jsonl='{"Name": "1"}\n')
    assert ran.code == 2
    assert "b.jsonl has no column Created at" in ran.output


def test_parquet_columns_are_renamed(load: Load, warehouse: Path, tmp_path: Path) -> None:
    pq.write_table(pa.table({"NAME": ["1"], "Erstellt am": ["2024-01-01"]}), tmp_path / "a.parquet")
    pq.write_table(pa.table({"Name": ["2"], "Created at": ["2024-01-02"], "Email": ["bob"]}), tmp_path / "b.parquet")
    ran = load(f"path: '*.parquet', {NAMED}")
    assert ran.code == 0, ran.output
    assert orders(warehouse) == [("1", "2024-01-01", None), ("2", "2024-01-02", "bob")]


def test_a_single_parquet_file_may_have_declared_types(load: Load, warehouse: Path, tmp_path: Path) -> None:
    days = "select i as Name, '2024-01-0' || i as \"Created at\" from range(1, 3) as numbers(i)"
    duckdb.execute(f"copy ({days}) to '{tmp_path / 'a.parquet'}'")
    for path in ("a.parquet", "*.parquet"):
        ran = load(f"path: '{path}', {NAMED}, types: {{Name: bigint}}")
        assert ran.code == 0, ran.output
        assert orders(warehouse) == [("1", "2024-01-01", None), ("2", "2024-01-02", None)]


REPORT = 'Report\n"of, all\nshops"\n\nName,Created at\n1,2024-01-01\n"2\nb",2024-01-02\n'


@pytest.mark.parametrize("skip", ["4", "until header"])
def test_title_and_total_rows_are_no_data(load: Load, warehouse: Path, skip: str) -> None:
    source = f"path: a.csv, {NAMED}, skip: {skip}, skip_after: Total"
    ran = load(source, a__csv=f"{REPORT}Total,\nTotal: 2 orders\n")
    assert ran.code == 0, ran.output
    assert orders(warehouse) == [("1", "2024-01-01", None), ("2\nb", "2024-01-02", None)]


def test_an_unreadable_line_below_title_rows_has_its_line_number(load: Load) -> None:
    ran = load(f"path: a.csv, {NAMED}, skip: until header", a__csv="Report\n\nName,Created at\n1,2024-01-01\n2\n")
    assert ran.code == 2
    assert "a.csv, line 5" in ran.output


def test_a_file_without_the_header_is_named(load: Load) -> None:
    ran = load(f"path: a.csv, {NAMED}, skip: until header", a__csv="Report\nName,Date\n1,2024-01-01\n")
    assert ran.code == 2
    assert "a.csv: none of the first 3 lines is a header with Name, Created at; the first is 'Report'" in ran.output


def test_an_absent_file_has_its_columns_and_no_rows(load: Load, warehouse: Path) -> None:
    """A table that can have no row is not landed: nobody knows whether there were orders."""
    assert load(f"absent: true, {NAMED}").code == 0
    assert rows(warehouse, "select count(*) from duckdb_tables() where schema_name = 'raw'") == [(0,)]
    sources = f"path: a.csv, {NAMED}}}\n  gone: {{absent: true, needs: [Order], types: {{Order: bigint}}}}\n  both: {{"
    query = 'query: select * from shop left join gone on gone."Order" = cast(shop.Name as bigint)'
    ran = load(
        sources + query, ORDERS.replace("source: shop", "source: both"), a__csv="Name,Created at\n1,2024-01-01\n"
    )
    assert ran.code == 0, ran.output
    assert orders(warehouse) == [("1", "2024-01-01", None)]


PARAMETERS = "struct(key varchar, value struct(string_value varchar, int_value bigint))[]"
EVENTS = (
    "orders: {source: shop, columns: {order_id: {expression:"
    " \"list_filter(params, lambda p: p.key = 'id')[1].value.int_value + 1\"}, ordered_at: {value: 2024-01-01}}}"
)


def test_json_text_and_nested_columns_become_the_type(load: Load, warehouse: Path, tmp_path: Path) -> None:
    source = f'needs: [params], types: {{params: "{PARAMETERS}"}}'
    value = [{"key": "id", "value": {"int_value": "41"}, "other": 1}]
    lines = json.dumps({"params": value}) + '\n{"params": null}\n{"params": []}\n'
    for path, files in (
        ("a.jsonl", {"a__jsonl": lines}),
        ("a.csv", {"a__csv": 'params\n"' + json.dumps(value).replace('"', '""') + '"\n,\n'.replace(",", "[]")}),
        ("a.parquet", {}),
    ):
        nested = [[{"value": {"int_value": 41, "float_value": 0.5}, "key": "id"}]]
        pq.write_table(pa.table({"params": nested}), tmp_path / "a.parquet")
        ran = load(f"path: {path}, {source}", EVENTS, **files)
        assert ran.code == 0, ran.output
        assert ("42",) in rows(warehouse, "select order_id from raw.orders")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ('[{"key": "id", "value": {"int_value": "many"}}]', "many"),
        ('[{"key": "id", "value": 7}]', "is not a struct"),
        ('{"key": "id"}', "is not a struct"),
        ('"text"', "is not a struct"),
    ],
)
def test_a_value_of_another_type_is_named(load: Load, value: str, message: str) -> None:
    source = f"path: '*.jsonl', needs: [params], types: {{params: \"{PARAMETERS}\"}}"
    ran = load(source, EVENTS, a__jsonl='{"params": []}\n', b__jsonl='{"params": ' + value + "}\n")
    assert ran.code == 2
    assert "b.jsonl, column params" in ran.output
    assert message in ran.output


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("path: a.csv, needs: Name", "needs: expected a list of column names"),
        ("path: a.csv, needs: [Name], may_have: [name]", "name is twice in needs and may_have"),
        ("path: a.csv, needs: [Name], names: {Nam: [x]}", "names: Nam is not in needs or may_have"),
        ("path: a.csv, needs: [Name], types: {Name: text(}", "types.Name: not a DuckDB type: text("),
        ("path: a.csv, needs: [Name], types: {Nam: varchar}", "types: no column Nam; it has name"),
        ("path: a.csv, skip: two", "skip: expected a number of lines or 'until header', got 'two'"),
        ("path: a.csv, skip: until header", "skip: until header needs the columns of the header, in `needs`"),
        ("path: a.jsonl, skip: '1'", "skip and skip_after are for csv and xlsx only"),
        ("absent: true", "a source that is absent needs its columns"),
        ("absent: perhaps, needs: [Name]", "absent: expected true or false, got 'perhaps'"),
    ],
)
def test_wrong_entries_are_errors_with_their_position(load: Load, source: str, message: str) -> None:
    ran = load(source, a__csv="Name\n1\n")
    assert ran.code == 2
    assert "sources.shop" in ran.output or "source shop" in ran.output
    assert message in ran.output


def test_a_changed_name_loads_again(load: Load) -> None:
    source = "path: a.csv, needs: [Name], may_have: [Created at, Email]"
    assert load(source, a__csv="Name,Day\n1,2024-01-01\n").code == 0
    assert "unchanged" in load(source).output
    assert "unchanged" not in load(f"{source}, names: {{Created at: [Day]}}").output
