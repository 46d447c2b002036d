"""A shop in which one visitor has nearly all events, one order nearly all lines, and so on."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import duckdb

_VISITOR_EVENTS: Final = """
    select
        'visitor-event-' || n as event_id, 'one-visitor' as visitor_id,
        case n % 9 when 0 then 'product_view' when 4 then 'category_view' when 7 then 'add_to_cart' else 'page_view' end
            as event_type,
        case when n % 9 in (0, 7) then 'p' || n % 500 end as product_id,
        'https://shop.example/p/' || n % 500 as page_url,
        strftime(timestamp '2023-01-01' + to_seconds(n * 20 + n // 200 * 3600), '%Y-%m-%dT%H:%M:%SZ') as occurred_at
    from range({rows}) as numbers(n)
"""
"""Without a session id: 200 events 20 seconds apart, then an hour of silence. No event has a campaign."""

_COPIED_EVENTS: Final = """
    select
        'one-event' as event_id, 'copied-visitor' as visitor_id, 'page_view' as event_type,
        'https://shop.example/' || n % 7 as page_url, '2023-01-01T00:00:00Z' as occurred_at
    from range({rows}) as numbers(n)
"""
_ORDERS: Final = """
    select
        'order-' || n as order_id, 'one-customer' as customer_id, 'paid' as status, '10.00' as total_amount,
        strftime(timestamp '2023-01-01' + to_seconds(n * 40000000 // {rows}), '%Y-%m-%dT%H:%M:%SZ') as ordered_at
    from range({rows}) as numbers(n)
"""
"""Over the same time for any number, since RFM and lifetime value are worked out at dates."""

_LINES: Final = """
    select
        'line-' || n as order_item_id, case when n % 2 = 0 then 'order-0' else 'order-' || n end as order_id,
        'p' || n % 500 as product_id, '1' as quantity, '10.00' as unit_price
    from range({rows}) as numbers(n)
"""


def land(warehouse: Path, rows: int) -> None:
    """Replaces the rows of the raw tables, whose columns stay: as many of each odd kind as `rows`."""
    with duckdb.connect(str(warehouse)) as connection:
        _empty(connection)
        for table, query in (
            ("events", _VISITOR_EVENTS), ("events", _COPIED_EVENTS), ("orders", _ORDERS), ("order_items", _LINES)
        ):  # fmt: skip
            connection.execute(f"insert into raw.{table} by name {query.format(rows=rows)}")
        connection.execute(
            "insert into raw.products by name select 'p' || n as product_id, 'Product ' || n as product_name,"
            " 'category ' || n % 20 as category from range(500) as numbers(n)"
        )


def land_visitor(warehouse: Path, events: int) -> None:
    """Replaces the rows of the raw tables by the events of one visitor."""
    with duckdb.connect(str(warehouse)) as connection:
        _empty(connection)
        connection.execute(f"insert into raw.events by name {_VISITOR_EVENTS.format(rows=events)}")


def _empty(connection: duckdb.DuckDBPyConnection) -> None:
    for (table,) in connection.execute(
        "select table_name from duckdb_tables() where schema_name = 'raw'"
    ).fetchall():  # fmt: skip
        connection.execute(f"delete from raw.{table} where true")
