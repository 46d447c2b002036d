"""Changes of the raw tables, each of which the marts must answer in a known way."""

from __future__ import annotations

import re
from typing import Final

import duckdb
from mart_rows import Marts, Row
from small_shop import dates, moment, times

IDS: Final = (
    "customer_id", "referrer_customer_id", "merged_into_customer_id", "visitor_id", "session_id", "order_id",
    "order_item_id", "payment_id", "refund_id", "shipment_id", "event_id", "message_id", "review_id", "response_id",
    "ticket_id", "unit_id",
)  # fmt: skip
"""Columns with ids of people, visits, orders and what belongs to them. The catalogue and campaigns stay."""
PRODUCT_IDS: Final = ("product_id", "anchor_product_id")
MONEY: Final = {
    "orders": ("discount_amount", "shipping_amount", "tax_amount", "total_amount"),
    "products": ("list_price", "unit_cost"),
    "competitor_prices": ("price",),
    "payments": ("amount",),
    "refunds": ("amount", "shipping_amount", "tax_amount"),
    "marketing_spend": ("spend", "claimed_revenue"),
    "campaigns": ("cost",),
}
COPIED: Final = (
    "customers", "sessions", "events", "orders", "order_items", "payments", "refunds", "shipments", "messages",
    "experiment_assignments", "reviews", "survey_responses", "support_tickets",
)  # fmt: skip
HAPPENED: Final = {
    "sessions": "started_at", "events": "occurred_at", "orders": "ordered_at", "payments": "attempted_at",
    "refunds": "refunded_at", "messages": "sent_at", "experiment_assignments": "assigned_at", "reviews": "reviewed_at",
    "survey_responses": "coalesce(responded_at, invited_at)", "support_tickets": "opened_at",
    "marketing_spend": "spend_date", "inventory_snapshots": "snapshot_date", "competitor_prices": "price_date",
    "exchange_rates": "rate_date",
}  # fmt: skip
"""When a row happened."""
BARE: Final = r"regexp_replace({0}, '^[\s\x{{00A0}}]+|[\s\x{{00A0}}]+$', '', 'g')"
"""An id without the white space around it."""
NAMED: Final = "lower({}) not in ('', 'null', 'undefined', 'nan', '(not set)')"
"""Whether it is an id at all."""
_OTHER: Final = re.compile(r"(?<=_)[ab](?=_|$)")
"""The side of a pair in the name of a column."""
MARK: Final = re.compile(r"~[0-9a-f]{8}-")
Connection = duckdb.DuckDBPyConnection


def columns(connection: Connection, names: tuple[str, ...]) -> list[tuple[str, str]]:
    """Table and column of the raw columns with these names."""
    return connection.execute(
        "select table_name, column_name from duckdb_columns() where schema_name = 'raw'"
        " and list_contains(?, column_name) order by all",
        [list(names)],
    ).fetchall()


def shift(connection: Connection, *, days: int = 0, hours: int = 0) -> None:
    """Move all times, and all dates by whole days."""
    for table, column in times(connection):
        later = f"+ interval {days} day + interval {hours} hour"
        connection.execute(f"update raw.{table} set {column} = {moment(column, later)} where {column} is not null")
    for table, column in dates(connection) if days else []:
        connection.execute(
            f"update raw.{table} set {column} ="
            f" coalesce(cast(try_cast({column} as date) + {days} as varchar), {column})"
        )


def rename(connection: Connection) -> None:
    """Put a mark before every id, which changes their order. The same id in two tables has the same mark."""
    for table, column in columns(connection, (*IDS, *PRODUCT_IDS)):
        bare = BARE.format(column)
        connection.execute(
            f"update raw.{table} set {column} = '~' || substr(md5({bare} || 'mark'), 1, 8) || '-' || {bare}"
            f" where {NAMED.format(bare)}"
        )


def old_name(value: object) -> object:
    """A value with the marks taken off its ids."""
    return MARK.sub("", value) if isinstance(value, str) else value


def in_order_of_names(marts: Marts) -> Marts:
    """Marts with ids that are listed in order of id: the two of a pair, and the products of a cart."""
    found = dict(marts)
    for mart in ("product_affinity", "product_affinity_by_city_tier"):
        found[mart] = [row if row["product_a"] < row["product_b"] else _swapped(row) for row in marts[mart]]
    found["abandoned_carts"] = [
        {**row, "product_ids": "|".join(sorted(row["product_ids"].split("|")))} for row in marts["abandoned_carts"]
    ]
    return found


def _swapped(pair: Row) -> Row:
    """A pair with its first and its second exchanged."""
    return {name: pair[_OTHER.sub(lambda side: "b" if side[0] == "a" else "a", name)] for name in pair}


def deliver_twice(connection: Connection) -> None:
    """Land every row a second time."""
    for (table,) in _tables(connection):
        connection.execute(f"insert into raw.{table} from raw.{table}")


def double_population(connection: Connection) -> None:
    """Every person with all they did a second time, under other ids; spend, campaign costs and stock are double."""
    of_people = set(columns(connection, IDS))
    for table in COPIED:
        names = [row[0] for row in connection.execute(f"describe raw.{table}").fetchall()]
        selected = ", ".join(
            f"case when {NAMED.format(BARE.format(name))} then {BARE.format(name)} || '~2' end"
            if (table, name) in of_people
            else name
            for name in names
        )
        connection.execute(f"insert into raw.{table} select {selected} from raw.{table}")
    for table, names in {
        "marketing_spend": ("spend", "impressions", "clicks", "claimed_conversions", "claimed_revenue"),
        "campaigns": ("cost",),
        "inventory_snapshots": ("on_hand_quantity", "on_order_quantity"),
    }.items():
        for name in names:
            connection.execute(f"update raw.{table} set {name} = try_cast({name} as decimal(18, 2)) * 2")


def other_currency(connection: Connection) -> None:
    """Write money of the reporting currency in one of half its value."""
    connection.execute("insert into raw.exchange_rates (rate_date, currency, rate) values ('2000-01-01', 'XTS', '0.5')")
    connection.execute(
        "update raw.order_items set unit_price = try_cast(unit_price as decimal(18, 4)) * 2,"
        " discount_amount = try_cast(discount_amount as decimal(18, 4)) * 2,"
        " unit_cost = try_cast(unit_cost as decimal(18, 4)) * 2 where order_id in"
        " (select order_id from raw.orders where coalesce(currency, 'CNY') = 'CNY')"
    )
    for table, names in MONEY.items():
        doubled = ", ".join(f"{name} = try_cast({name} as decimal(18, 4)) * 2" for name in names)
        connection.execute(
            f"update raw.{table} set {doubled}, currency = 'XTS' where coalesce(currency, 'CNY') = 'CNY'"
        )


def split_lines(connection: Connection) -> None:
    """Write a line of n units as n lines of 1. Not where cents are spread over lines: by a discount of the order, a
    refund or an exchange rate.
    """
    connection.execute(
        "create temp table whole_lines as select lines.* from raw.order_items as lines"
        " inner join raw.orders using (order_id)"
        " where try_cast(quantity as integer) > 1 and coalesce(currency, 'CNY') = 'CNY'"
        " and coalesce(try_cast(orders.discount_amount as decimal(18, 2)), 0) = 0"
        " and order_id not in (select order_id from raw.refunds where order_id is not null)"
    )
    connection.execute("delete from raw.order_items where order_item_id in (select order_item_id from whole_lines)")
    connection.execute(
        "insert into raw.order_items by name select whole_lines.* replace"
        " (order_item_id || '/' || unit as order_item_id, '1' as quantity,"
        " cast(try_cast(discount_amount as decimal(18, 2)) / cast(quantity as integer) as decimal(18, 2))"
        " as discount_amount) from whole_lines, unnest(range(cast(quantity as integer))) as units (unit)"
    )


def cut(connection: Connection, end: str) -> None:
    """Delete what happened at a moment or later. Dates are cut at their UTC midnight."""
    for table, column in HAPPENED.items():
        connection.execute(f"delete from raw.{table} where try_cast({column} as timestamptz) >= timestamptz '{end}'")


def without_costs(connection: Connection) -> None:
    """Delete every cost of goods."""
    for table, column in columns(connection, ("unit_cost",)):
        connection.execute(f"update raw.{table} set {column} = null")


def _tables(connection: Connection) -> list[tuple[str]]:
    return connection.execute("select table_name from duckdb_tables() where schema_name = 'raw' order by 1").fetchall()
