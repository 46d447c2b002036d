"""The project's own models that are built by key: after changes of many kinds they equal a full build."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import duckdb

from landing import copy_raw
from shopper import dbt
from shopper.bench.endurance.published import rows_digest

VARIABLES: Final = {
    "raw_data": "source", "reporting_timezone": "America/New_York", "reporting_currency": "USD",
}  # fmt: skip
# In one month, so that what is built by month is too.
_IN: Final = "like '2025-06-%'"
_OF: Final = f"where md5(visitor_id) < '4' and occurred_at {_IN} and md5(event_id)[1] ="
# In this one an order alone, by which nothing but the outcome of its visit changes.
_OTHER_MONTH: Final = "2025-02-01"
_BY_MONTH: Final = (
    "int_visit_events", "int_product_views", "int_checkouts", "int_searches", "int_recommendation_impressions",
    "int_order_payment_outcomes", "int_friction_exposures",
)  # fmt: skip
_EVENTS: Final = "insert into raw.events by name select * replace"
CHANGES: Final = {
    "deleted": f"delete from raw.events {_OF} '0'",
    "of another visitor": f"{_EVENTS} ('other-' || event_id as event_id, 'two' as visitor_id)"
    f" from raw.events {_OF} '1'",
    "one id for two visitors": f"{_EVENTS} ('one' as visitor_id) from raw.events {_OF} '2'",
    "in another session": "update raw.events set session_id = (select max(session_id) from raw.events"
    f" where visitor_id in (select min(visitor_id) from raw.events {_OF} '3')) {_OF} '3'",
    "on another page": f"update raw.events set page_url = page_url || '?utm_source=new' {_OF} '4'",
    "of merged visitors": "update raw.events set visitor_id = 'one'"
    f" where md5(visitor_id) < '08' and occurred_at {_IN}",
    "repeated": f"insert into raw.events from raw.events {_OF} '5'",
    "of sessions that are gone": f"delete from raw.sessions where md5(visitor_id) < '1' and started_at {_IN}",
    "of sessions that began elsewhere": "update raw.sessions set started_at = '2024-12-01T00:00:00Z'"
    f" where md5(visitor_id) between '1' and '2' and started_at {_IN}",
    "late": f"{_EVENTS} ('late-' || event_id as event_id, '2024-11-03T05:30:00Z' as occurred_at)"
    f" from raw.events {_OF} '6'",
    "of an unknown kind": f"update raw.events set event_type = 'nonsense' {_OF} '7'",
    "without a moment": f"update raw.events set occurred_at = 'no moment' {_OF} '8'",
    "after the as-of date": f"{_EVENTS} ('future-' || event_id as event_id, '2031-11-03T05:30:00Z' as occurred_at)"
    f" from raw.events {_OF} '9'",
    "with other loads": f"update raw.events set page_load_ms = '9000' {_OF} 'a'",
    "with other promises": f"update raw.events set promised_delivery_days = '5' {_OF} 'b'",
    "of orders that are gone": "delete from raw.orders where ordered_at like '2025-06-2%' and md5(order_id) < '2'",
    "of an order without any event": f"""
        insert into raw.orders by name
        select orders.* replace (
            'new-order' as order_id, null as customer_id, visits.session_id as session_id,
            visits.visitor_id as visitor_id, strftime(visits.ended_at, '%Y-%m-%dT%H:%M:%SZ') as ordered_at,
            null as paid_at, null as updated_at
        )
        from (
            from raw.orders
            where order_id in (select order_id from intermediate.int_orders_validated where is_valid)
            order by order_id
            limit 1
        ) as orders
        cross join (
            from intermediate.int_sessions
            where session_month = '{_OTHER_MONTH}' and orders = 0 and page_views > 1 and not is_bot and session_id in (
                select session_id from intermediate.int_visit_events where is_page_view and page_load_ms >= 0
            ) and session_id not in (
                select session_id from intermediate.int_checkouts
                union all select session_id from intermediate.int_searches
            )
            order by session_id
            limit 1
        ) as visits
    """,
}
"""What happens to some of the sample's events, as SQL."""


def _build(warehouse: Path, target: Path, models: list[str]) -> dict[str, str | None]:
    """Build the models and all that they need. By model, what the engine answered."""
    invoked = dbt.invoke_dbt(
        ["build", *dbt.WITHOUT_TESTS, "--select", *models],
        variables=VARIABLES, warehouse=warehouse, target=target,
    )  # fmt: skip
    assert invoked.success, dbt.first_error(invoked)
    return {row.node.name: row.adapter_response.get("code") for row in invoked.results}


def _rows(warehouse: Path) -> dict[str, tuple[int, int]]:
    """By table and view that dbt built: the number of its rows, and a digest of them in any order."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        names = connection.execute(
            "select table_schema || '.' || table_name from information_schema.tables"
            " where table_schema in ('staging', 'intermediate')"
        ).fetchall()
        return {name: rows_digest(connection, name) for (name,) in names}


def _in_other_month(warehouse: Path) -> dict[str, tuple[int, int]]:
    """By table with a month: number and digest of its rows in the month with an order alone."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        where = f"where session_month = '{_OTHER_MONTH}'"
        return {name: rows_digest(connection, f"(from intermediate.{name} {where})") for name in _BY_MONTH}


def _keyed(target: Path) -> set[str]:
    """The models that are built by key, after dbt parsed the project."""
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    return {node["name"] for node in manifest["nodes"].values() if node.get("config", {}).get("meta", {}).get("keyed")}


def test_models_built_by_key_equal_a_full_build(sample_warehouse: Path, tmp_path: Path) -> None:
    target = tmp_path / "target"
    kept, anew = tmp_path / "kept" / "shop.duckdb", tmp_path / "anew" / "shop.duckdb"
    kept.parent.mkdir()
    anew.parent.mkdir()
    copy_raw(sample_warehouse, kept)
    dbt.invoke_dbt(["parse", "--write-json"], variables=VARIABLES, warehouse=kept, target=target)
    keyed = _keyed(target)
    assert keyed
    models = [f"+{name}" for name in sorted(keyed)]
    _build(kept, target, models)
    month_before = _in_other_month(kept)
    with duckdb.connect(str(kept)) as connection:
        for name, change in CHANGES.items():
            assert connection.execute(change).fetchone() != (0,), name
    answers = _build(kept, target, models)
    assert {name for name in keyed if answers[name] != "KEYED"} == set()
    month = _in_other_month(kept)
    assert {name for name in _BY_MONTH if month[name] != month_before[name]} == {"int_friction_exposures"}
    copy_raw(kept, anew, schema="raw")
    assert "KEYED" not in _build(anew, target, models).values()
    built, full = _rows(kept), _rows(anew)
    assert built.keys() == full.keys()
    assert {name for name in full if built[name] != full[name]} == set()
