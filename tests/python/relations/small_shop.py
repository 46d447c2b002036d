"""A quarter of the sample shop as raw tables, timestamps in one format, discounts that whole lines can be split by."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import duckdb

from running import ROOT

SEEDS: Final = ROOT / "seeds" / "raw"
PEOPLE: Final = ("customers", "messages", "reviews", "survey_responses", "support_tickets")
OF_ORDERS: Final = ("order_items", "payments", "refunds", "shipments")
RETURN_NOTATIONS: Final = ("lines", "parts_unknown", "quantity", "status")
"""How the full return of the same order is noted, each by a customer of its own."""


def land_small_shop(warehouse: Path) -> None:
    """Land the customers of one part, their visitors, and anonymous visitors of another part."""
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute("create schema raw")
        for path in sorted(SEEDS.glob("raw_*.csv")):
            table = path.stem.removeprefix("raw_")
            connection.execute(
                f"create table raw.{table} as from read_csv('{path}', all_varchar = true, header = true)"
            )
        _cut(connection)
        for notation in RETURN_NOTATIONS:
            _return_in_full(connection, notation)
        for table, column in times(connection):
            connection.execute(f"update raw.{table} set {column} = {moment(column)} where {column} is not null")
        connection.execute(
            "update raw.order_items set discount_amount ="
            " cast(round(floor(cast(discount_amount as decimal(18, 2)) * 100"
            " / cast(quantity as integer)) * cast(quantity as integer) / 100, 2) as decimal(18, 2))"
            " where try_cast(quantity as integer) > 1 and try_cast(discount_amount as decimal(18, 2)) > 0"
        )


def _cut(connection: duckdb.DuckDBPyConnection) -> None:
    execute = connection.execute
    execute("create temp table people as select customer_id from raw.customers where md5(customer_id) < '4'")
    execute(
        "create temp table visitors as select visitor_id from raw.sessions group by visitor_id having case when"
        " max(customer_id) is null then md5(visitor_id) < '4' else max(customer_id) in (from people) end"
    )
    for table in PEOPLE:
        execute(f"delete from raw.{table} where customer_id not in (from people)")
    for table in ("sessions", "events"):
        execute(f"delete from raw.{table} where visitor_id not in (from visitors)")
    execute(
        "delete from raw.orders where not coalesce(customer_id in (from people), false)"
        " and not coalesce(visitor_id in (from visitors), false)"
    )
    for table in OF_ORDERS:
        execute(f"delete from raw.{table} where order_id not in (select order_id from raw.orders)")


def _return_in_full(connection: duckdb.DuckDBPyConnection, notation: str) -> None:
    """An order of 100 x 2 and 50 with 10 of shipping, all of it returned."""
    key = f"returned-{notation}"
    common = {"order_id": key, "customer_id": key, "currency": "CNY"}
    status = "refunded" if notation == "status" else "completed"
    _add(connection, "customers", customer_id=key, registered_at="2025-03-10T01:00:00Z")
    _add(
        connection, "orders", **common, ordered_at="2025-03-10T02:00:00Z", paid_at="2025-03-10T02:01:00Z",
        status=status, sales_channel="store", shipping_amount="10", tax_amount="0", total_amount="260",
        updated_at="2025-03-20T02:00:00Z",
    )  # fmt: skip
    for line, (product, quantity, price) in enumerate([("0103", "2", "100"), ("0104", "1", "50")]):
        _add(
            connection, "order_items", order_item_id=f"{key}-{line}", order_id=key, product_id=product,
            quantity=quantity, unit_price=price, unit_cost="20",
        )  # fmt: skip
    back = {**common, "is_return": "true", "is_exchange": "false", "refunded_at": "2025-03-20T02:00:00Z"}
    known = {"shipping_amount": "0", "tax_amount": "0"}
    if notation == "lines":
        for line, amount in enumerate(["200", "50"]):
            _add(
                connection,
                "refunds",
                refund_id=f"{key}-{line}",
                order_item_id=f"{key}-{line}",
                amount=amount,
                **back,
                **known,
            )
        _add(
            connection, "refunds", refund_id=f"{key}-shipping", amount="10", **{**back, "is_return": "false"},
            shipping_amount="10", tax_amount="0",
        )  # fmt: skip
    elif notation != "status":
        quantity = {"quantity": "3"} if notation == "quantity" else {}
        _add(connection, "refunds", refund_id=key, amount="260", **back, **quantity)


def _add(connection: duckdb.DuckDBPyConnection, table: str, **values: str) -> None:
    places = ", ".join("?" for _ in values)
    connection.execute(f"insert into raw.{table} ({', '.join(values)}) values ({places})", list(values.values()))


def times(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Table and column of every timestamp."""
    return connection.execute(
        "select table_name, column_name from duckdb_columns() where schema_name = 'raw' and column_name like '%\\_at'"
        " escape '\\' order by all"
    ).fetchall()


def dates(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Table and column of every date."""
    return connection.execute(
        "select table_name, column_name from duckdb_columns() where schema_name = 'raw' and column_name like '%\\_date'"
        " escape '\\' order by all"
    ).fetchall()


def moment(column: str, later: str = "") -> str:
    """SQL of a raw timestamp in one format, moved; text that is no timestamp stays as it is."""
    parsed = (
        f"case when regexp_full_match({column}, '\\d{{10}}') then epoch_ms(cast({column} as bigint) * 1000)"
        f" when regexp_full_match({column}, '\\d{{13}}') then epoch_ms(cast({column} as bigint))"
        f" when regexp_full_match({column}, '\\d{{16}}') then make_timestamp(cast({column} as bigint))"
        f" else cast(try_cast(regexp_replace({column}, ' UTC$', 'Z') as timestamptz) at time zone 'UTC' as timestamp)"
        " end"
    )
    return f"coalesce(strftime({parsed} {later}, '%Y-%m-%dT%H:%M:%S.%fZ'), {column})"
