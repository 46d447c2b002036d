"""The mapping file: its features, and one clear message for each mistake."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from running import Ran, Shopper, rows

Load = Callable[..., Ran]

SOURCE = "sources:\n  shop: {path: orders.csv}\n"


@pytest.fixture
def load(tmp_path: Path, warehouse: Path, shopper: Shopper) -> Load:
    """Write the mapping beside a file of two orders and load it."""
    (tmp_path / "orders.csv").write_text(
        "No,Client,When,Total\n1,anna,31/03/2024 12:00,9.5\n2,bob,30/03/2024 12:00,x\n", encoding="utf-8"
    )

    def run(mapping: str, *arguments: object) -> Ran:
        (tmp_path / "mapping.yml").write_text(mapping, encoding="utf-8")
        return shopper("load", tmp_path / "mapping.yml", *arguments)

    return run


def orders(columns: str, more: str = "") -> str:
    return f"{SOURCE}tables:\n  orders:\n    source: shop\n{more}    columns: {{{columns}}}\n"


def test_columns_values_expressions_formats_and_zones_are_mapped(load: Load, warehouse: Path) -> None:
    result = load(
        orders(
            "order_id: no, customer_id: {expression: upper(Client)}, status: {value: paid}, is_test: {value: false},"
            ' ordered_at: {column: When, format: "%d/%m/%Y %H:%M", timezone: Europe/London}',
            "    where: No <> '3'\n",
        )
    )
    assert result.code == 0, result.output
    assert rows(
        warehouse, "select order_id, customer_id, ordered_at, status, is_test from raw.orders order by all"
    ) == [
        ("1", "ANNA", "2024-03-31 11:00:00", "paid", "false"),
        ("2", "BOB", "2024-03-30 12:00:00", "paid", "false"),
    ]


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2024-07-01 12:00:00", "2024-07-01 11:00:00"),
        ("2024-07-01T12:00:00+08:00", "2024-07-01T12:00:00+08:00"),
        ("2024-07-01T12:00:00Z", "2024-07-01T12:00:00Z"),
        ("2024-07-01 12:00:00 UTC", "2024-07-01 12:00:00 UTC"),
        ("2024-07-01", "2024-06-30 23:00:00"),
        ("20240701T120000-0500", "20240701T120000-0500"),
        ("1719828000", "1719828000"),
        ("soon", "soon"),
    ],
)
def test_a_time_zone_applies_only_to_local_times(load: Load, warehouse: Path, text: str, utc: str) -> None:
    mapping = orders(f"order_id: No, ordered_at: {{expression: \"'{text}'\", timezone: Europe/London}}")
    assert load(mapping).code == 0
    assert rows(warehouse, "select distinct ordered_at from raw.orders") == [(utc,)]


@pytest.mark.parametrize(
    ("decimal", "text", "number"),
    [
        (",", "1.249,90", "1249.90"),
        (",", "12,5 €", "12.5"),
        (",", "-1\u202f249,90", "-1249.90"),
        (",", "€ -3", "-3"),
        (",", "\u22121\u2019249,90", "-1249.90"),
        (".", "$1,249.90", "1249.90"),
        (".", "1,249,900", "1249900"),
        (",", "EUR 3", "EUR 3"),
        (".", "5 CAD", "5 CAD"),
        (".", "1,5", "1,5"),
        (".", "12,50,000", "12,50,000"),
        (".", "1,249 900", "1,249 900"),
        (",", "12.50", "12.50 (not with decimal comma)"),
        (",", "1.249.90", "1.249.90"),
        (",", "a lot, really", "a lot, really"),
        (",", "1e5", "1e5"),
    ],
)
def test_decimal_commas_are_read(load: Load, warehouse: Path, decimal: str, text: str, number: str) -> None:
    made_of = f"{{expression: \"'{text}'\", decimal: '{decimal}'}}"
    result = load(orders(f"order_id: No, ordered_at: When, total_amount: {made_of}"))
    assert result.code == 0, result.output
    assert rows(warehouse, "select distinct total_amount from raw.orders") == [(number,)]


def test_a_folder_means_all_its_files_of_the_format(load: Load, warehouse: Path, tmp_path: Path) -> None:
    (tmp_path / "days").mkdir()
    for day in ("1", "2"):
        (tmp_path / "days" / f"{day}.csv").write_text(f"order_id,ordered_at\n{day},2024-01-0{day}\n", encoding="utf-8")
    (tmp_path / "days" / "notes.txt").write_text("not a delivery", encoding="utf-8")
    mapping = "sources: {shop: {path: days, format: csv}}\ntables: {orders: {source: shop}}"
    assert load(mapping).code == 0
    assert rows(warehouse, "select order_id from raw.orders order by all") == [("1",), ("2",)]


def test_files_of_one_folder_may_be_listed(load: Load, warehouse: Path, tmp_path: Path) -> None:
    for name in ("placed", "paid", "left"):
        (tmp_path / f"{name}.csv").write_text(f"order_id,ordered_at\n{name},2024-01-01\n", encoding="utf-8")
    mapping = "sources: {shop: {path: '{placed,pa*}.csv'}}\ntables: {orders: {source: shop}}"
    assert load(mapping).code == 0
    assert rows(warehouse, "select order_id from raw.orders order by all") == [("paid",), ("placed",)]


def test_queries_unions_and_shared_files_are_loaded(load: Load, warehouse: Path) -> None:
    result = load(
        f"""{SOURCE}  clients: {{query: "select Client, min(No) as No from shop group by Client"}}
tables:
  customers:
    source: clients
    columns: {{customer_id: Client}}
  orders:
    - {{source: shop, where: "No = '1'", columns: {{order_id: No, ordered_at: When}}}}
    - {{source: shop, where: "No = '2'", columns: {{ordered_at: When, order_id: No, customer_id: Client}}}}
"""
    )
    assert result.code == 0, result.output
    assert rows(warehouse, "select order_id, customer_id from raw.orders order by all") == [("1", None), ("2", "bob")]
    assert rows(warehouse, "select customer_id from raw.customers order by all") == [("anna",), ("bob",)]


def test_loading_some_tables_keeps_the_others(load: Load, warehouse: Path) -> None:
    both = orders("order_id: No, ordered_at: When") + "  customers: {source: shop, columns: {customer_id: Client}}\n"
    assert load(both).code == 0
    result = load(both.replace("orders.csv", "absent.csv"), "--only", "customers")
    assert (result.code, "no file" in result.output) == (2, True)
    result = load(both, "--only", "orders")
    assert result.code == 0
    assert "untouched: customers" in result.output
    assert load(both, "--only", "order").code == 2


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        pytest.param("tables: [", "not valid YAML", id="not YAML"),
        pytest.param("- 1", "expected a mapping with the keys sources and tables", id="a list"),
        pytest.param(SOURCE, "needs a section tables", id="no tables"),
        pytest.param(SOURCE + "tabels: {}\n", "unknown key tabels; did you mean tables?", id="key"),
        pytest.param(
            SOURCE + "tables: {order: {source: shop}}", "unknown table order; did you mean orders", id="table"
        ),
        pytest.param(SOURCE + "tables: {orders: {source: shp}}", "unknown source shp; did you mean shop?", id="source"),
        pytest.param(SOURCE + "tables: {orders: {from: shop}}", "tables.orders: needs a source", id="no source"),
        pytest.param(orders("order_id: No, ordered: When"), "orders has no column ordered; did you mean", id="column"),
        pytest.param(orders("order_id: No"), "required column missing: orders.ordered_at", id="required"),
        pytest.param(
            orders("ordered_at: Wen"),
            "no column Wen (orders.ordered_at), which orders needs; did you mean When?",
            id="source column",
        ),
        pytest.param(
            orders("ordered_at: When, total_amount: {column: Total, decimal: x}"),
            "expected a comma or a point, got 'x'",
            id="decimal",
        ),
        pytest.param(
            SOURCE.replace("path: orders.csv", "postgres: dbname=shop password=secret, table: orders")
            + "tables: {orders: {source: shop}}",
            "the mapping contains a password",
            id="password",
        ),
        pytest.param(orders("ordered_at: {}"), "expected exactly one of column, expression and value", id="nothing"),
        pytest.param(orders("ordered_at: [When]"), "expected the name of a source column", id="list"),
        pytest.param(orders("ordered_at: {value: [1]}"), "expected text", id="several values"),
        pytest.param(
            orders("ordered_at: {column: When, colum: x}"), "unknown key colum; did you mean column?", id="typo"
        ),
        pytest.param(
            orders("ordered_at: {column: When, timezone: Europe/Londn}"),
            "orders.ordered_at: unknown time zone Europe/Londn; did you mean Europe/London",
            id="zone",
        ),
        pytest.param(
            SOURCE + "tables: {customers: {source: shop, columns: {customer_id: No, birth_date:"
            " {column: When, timezone: Europe/London}}}}",
            "customers.birth_date: a date has no time zone",
            id="zone of a date",
        ),
        pytest.param(
            orders('ordered_at: {expression: "frist(When)"}'),
            "orders.ordered_at: expression frist(When)",
            id="function",
        ),
        pytest.param(
            orders('ordered_at: When, total_amount: {expression: "cast(Total as decimal(9, 2))"}'),
            'orders.total_amount from source shop: Could not convert string "x"',
            id="cast",
        ),
        pytest.param(orders("ordered_at: When", "    where: Nr > 1\n"), "orders: where:", id="where"),
        pytest.param(
            SOURCE.replace("}", ", format: xls}") + "tables: {orders: {source: shop}}", "format xls", id="xls"
        ),
        pytest.param(
            SOURCE.replace("}", ", encoding: klingon}") + "tables: {orders: {source: shop}}",
            "unknown encoding klingon",
            id="encoding",
        ),
        pytest.param(
            SOURCE.replace("}", ", delimiter: ab}") + "tables: {orders: {source: shop}}",
            "one character",
            id="delimiter",
        ),
        pytest.param(
            orders('ordered_at: When, total_amount: {column: Total, decimal: ","}').replace("}", ", decimal: ','}", 1),
            "tables.orders.columns.total_amount: decimal stands at the source shop too; keep one of them",
            id="decimal twice",
        ),
        pytest.param(
            SOURCE.replace("orders.csv", "'${SHOPPER_UNSET}/orders.csv'") + "tables: {orders: {source: shop}}",
            "needs the environment variable SHOPPER_UNSET",
            id="variable",
        ),
        pytest.param(SOURCE.replace("orders.csv", "no.csv") + "tables: {orders: {source: shop}}", "no file", id="file"),
        pytest.param(
            SOURCE.replace("orders.csv", "no/*.csv") + "tables: {orders: {source: shop}}", "no file", id="glob"
        ),
        pytest.param(
            SOURCE.replace("path: orders.csv", "path: .") + "tables: {orders: {source: shop}}",
            "the format is not clear from the path; expected `format:` with one of csv, jsonl, json, parquet, xlsx",
            id="folder",
        ),
        pytest.param(
            SOURCE.replace("path: orders.csv", "path: ., format: jsonl") + "tables: {orders: {source: shop}}",
            "no file of format jsonl in the folder",
            id="empty folder",
        ),
        pytest.param(
            SOURCE + "  made: {query: select * from nowhere}\ntables: {orders: {source: made}}",
            "source made: query: Table with name nowhere does not exist",
            id="query",
        ),
    ],
)
def test_mistakes_are_reported_and_change_nothing(load: Load, warehouse: Path, mapping: str, message: str) -> None:
    result = load(mapping)
    assert result.code == 2, result.output
    assert message in result.output
    assert "Traceback" not in result.output
    assert not warehouse.exists()


def test_a_missing_mapping_is_reported(shopper: Shopper, tmp_path: Path) -> None:
    result = shopper("load", tmp_path / "none.yml")
    assert result.code == 2
    assert "none.yml: can't be read" in result.output


def test_sources_of_other_tables_are_not_read(load: Load, warehouse: Path) -> None:
    other = "  other: {path: '${SHOPPER_UNSET}/other.csv'}\n"
    result = load(orders("order_id: No, ordered_at: When").replace("tables:", other + "tables:"))
    assert result.code == 0, result.output
