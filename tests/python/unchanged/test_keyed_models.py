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
_OF: Final = "where md5(visitor_id) < '1' and md5(event_id)[1] ="
_EVENTS: Final = "insert into raw.events by name select * replace"
CHANGES: Final = {
    "deleted": f"delete from raw.events {_OF} '0'",
    "of another visitor": f"{_EVENTS} ('other-' || event_id as event_id, 'two' as visitor_id)"
    f" from raw.events {_OF} '1'",
    "one id for two visitors": f"{_EVENTS} ('one' as visitor_id) from raw.events {_OF} '2'",
    "in another session": "update raw.events set session_id = (select max(session_id) from raw.events"
    f" where visitor_id in (select min(visitor_id) from raw.events {_OF} '3')) {_OF} '3'",
    "on another page": f"update raw.events set page_url = page_url || '?utm_source=new' {_OF} '4'",
    "of merged visitors": "update raw.events set visitor_id = 'one' where md5(visitor_id) < '03'",
    "repeated": f"insert into raw.events from raw.events {_OF} '5'",
    "of sessions that are gone": "delete from raw.sessions where md5(visitor_id) < '05'",
    "of sessions that began elsewhere": "update raw.sessions set started_at = '2024-12-01T00:00:00Z'"
    " where md5(visitor_id) between '05' and '07'",
    "late": f"{_EVENTS} ('late-' || event_id as event_id, '2024-11-03T05:30:00Z' as occurred_at)"
    f" from raw.events {_OF} '6'",
    "of an unknown kind": f"update raw.events set event_type = 'nonsense' {_OF} '7'",
    "without a moment": f"update raw.events set occurred_at = 'no moment' {_OF} '8'",
    "after the as-of date": f"{_EVENTS} ('future-' || event_id as event_id, '2031-11-03T05:30:00Z' as occurred_at)"
    f" from raw.events {_OF} '9'",
}
"""What happens to some of the sample's events, as SQL."""


def _build(warehouse: Path, target: Path, models: list[str]) -> dict[str, str | None]:
    """Build the models and all that they need. By model, what the engine answered."""
    invoked = dbt.invoke_dbt(
        ["build", "--exclude-resource-type", "test", "--exclude-resource-type", "unit_test", "--select", *models],
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
    with duckdb.connect(str(kept)) as connection:
        for change in CHANGES.values():
            connection.execute(change)
    answers = _build(kept, target, models)
    assert {name for name in keyed if answers[name] != "KEYED"} == set()
    copy_raw(kept, anew, schema="raw")
    assert "KEYED" not in _build(anew, target, models).values()
    built, full = _rows(kept), _rows(anew)
    assert built.keys() == full.keys()
    assert {name for name in full if built[name] != full[name]} == set()
