"""The published file says what it holds: keys first, rows sorted, and `meta.tables` and `meta.columns`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import duckdb
import pytest

from shopper.publish.copies import Identity, copy_tables
from shopper.publish.descriptions import Table, described_tables
from shopper.publish.semantics import Semantics

TABLES: Final = [("marts", "spending"), ("reference", "channels")]


def column(data_type: str, description: str, **meta: object) -> dict[str, Any]:
    return {"data_type": data_type, "description": description, "meta": meta}


def node(name: str, schema: str, columns: dict[str, dict[str, Any]], **more: object) -> dict[str, Any]:
    return {
        "resource_type": "model", "name": name, "alias": name, "schema": schema, "columns": columns, "constraints": [],
        "description": f"One row per thing of {name}. It has\nmore lines.",
        "config": {"meta": {"currency": "EUR", "label_zh": "费用", "description_zh": "每行是一项费用。"}},
        **more,
    }  # fmt: skip


def check(of: str, test: str, **arguments: object) -> dict[str, Any]:
    return {"resource_type": "test", "attached_node": of, "test_metadata": {"name": test, "kwargs": arguments}}


MANIFEST: Final = {
    "nodes": {
        "model.s.spending": node(
            "spending",
            "marts",
            {
                "channel": column("string", "The channel."),
                "model": column("string", "Fix to one value.", fix_to_one_value=True),
                "spend": column("decimal(18, 2)", "Spend.", description_zh="费用。"),
                "month": column("date", "The month."),
            },
            constraints=[{"type": "primary_key", "columns": ["channel", "model", "month"]}],
        ),
        "seed.s.channels": node(
            "channels", "reference", {"channel": column("string", "Name.")}, resource_type="seed"
        ),
        "test.1": check("seed.s.channels", "unique_key", columns=["channel"]),
        "test.2": check(
            "model.s.spending", "relationships", column_name="channel", to="ref('channels')", field="channel"
        ),
    }
}  # fmt: skip


@pytest.fixture
def published(tmp_path: Path) -> Any:
    """A connection with the published file attached as `shop`, its folder beside it."""
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as source")
        for schema in ("marts", "reference"):
            connection.execute(f"create schema source.{schema}")
        connection.execute(
            "create table source.marts.spending as select * from (values ('b', 'x', 1.50, date '2025-02-01'),"
            " ('a', 'x', 2.50, date '2025-02-01'), ('b', 'x', 3.50, date '2025-01-01'))"
            " as rows (channel, model, spend, month)"
        )
        connection.execute("create table source.reference.channels as select unnest(['b', 'a']) as channel")
        described = described_tables(MANIFEST, TABLES)
        semantics = Semantics({"metrics": []}, None, described)
        identity = Identity("g1", datetime(2025, 3, 1, tzinfo=UTC), ())
        copy_tables(connection, TABLES, tmp_path, "shop", identity, semantics)
        connection.execute(f"attach '{tmp_path / 'shop.duckdb'}' as shop (read_only)")
        yield connection


def test_keys_come_first_dates_before_names_and_rows_are_sorted(published: Any, tmp_path: Path) -> None:
    for relation in ("shop.marts.spending", f"read_parquet('{tmp_path}/parquet/marts/spending.parquet')"):
        found = published.execute(f"select * from {relation}")
        assert [one[0] for one in found.description] == ["month", "channel", "model", "spend"]
        assert [(str(row[0]), row[1]) for row in found.fetchall()] == [
            ("2025-01-01", "b"), ("2025-02-01", "a"), ("2025-02-01", "b"),
        ]  # fmt: skip
    assert published.execute("from shop.reference.channels").fetchall() == [("a",), ("b",)]


def test_the_day_of_a_row_and_names_stand_beside_its_key() -> None:
    names = ["id", "amount", "label", "day", "previous_date", "person_name"]
    orders = node("orders", "marts", {name: column("date" if "da" in name else "string", "What.") for name in names})
    orders["constraints"] = [{"type": "primary_key", "columns": ["id"]}]
    model = {"node_relation": {"alias": "orders"}, "defaults": {"agg_time_dimension": "day"}}
    found = described_tables({"nodes": {"m": orders}, "semantic_models": {"s": model}}, [("marts", "orders")])
    order = found["marts", "orders"].in_reading_order([*names, "undescribed"])
    assert order == ["id", "day", "label", "person_name", "amount", "previous_date", "undescribed"]


def test_tables_say_their_grain_and_key(published: Any, tmp_path: Path) -> None:
    rows = published.execute("select schema_name, table_name, grain, key_columns from shop.meta.tables").fetchall()
    assert rows == [
        ("marts", "spending", "One row per thing of spending", "month, channel, model"),
        ("reference", "channels", "One row per thing of channels", "channel"),
    ]
    assert published.execute("select distinct description like '% has more %' from shop.meta.tables").fetchall() == [
        (True,)
    ]
    assert published.execute(f"select count(*) from '{tmp_path}/parquet/meta/columns.parquet'").fetchall() == [(5,)]


def test_tables_and_columns_say_what_they_are_in_chinese(published: Any) -> None:
    rows = published.execute("select label_zh, description_zh from shop.meta.tables").fetchall()
    assert rows == [("费用", "每行是一项费用。")] * 2
    rows = published.execute("select column_name, description_zh from shop.meta.columns order by all").fetchall()
    assert ("spend", "费用。") in rows and ("month", None) in rows


def test_columns_say_unit_reference_and_what_to_fix(published: Any) -> None:
    rows = published.execute(
        "select column_name, position, label, data_type, key_position, fix_to_one_value, currency, reference"
        " from shop.meta.columns where table_name = 'spending' order by position"
    ).fetchall()
    assert rows == [
        ("month", 1, "Month", "DATE", 1, False, None, None),
        ("channel", 2, "Channel", "VARCHAR", 2, False, None, "reference.channels.channel"),
        ("model", 3, "Model", "VARCHAR", 3, True, None, None),
        ("spend", 4, "Spend", "DECIMAL(3,2)", None, False, "EUR", None),
    ]


def test_a_reference_to_a_table_that_is_not_published_is_left_out() -> None:
    found = described_tables(MANIFEST, [("marts", "spending")])
    assert [one.references for one in found["marts", "spending"].columns] == [None] * 4
    assert isinstance(found["marts", "spending"], Table)


def test_money_has_the_currency_of_the_build() -> None:
    metrics = [{"name": "revenue", "currency": "EUR"}, {"name": "orders", "currency": None}]
    semantics = Semantics({"format": 1, "metrics": metrics}, None, described_tables(MANIFEST, TABLES))
    built = semantics.in_currency("SEK")
    assert [metric["currency"] for metric in built.document["metrics"]] == ["SEK", None]
    columns = built.tables["marts", "spending"].columns
    assert {column.name: column.currency for column in columns if column.currency} == {"spend": "SEK"}
    assert metrics[0]["currency"] == "EUR"
