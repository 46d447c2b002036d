"""Loads the example of a ready source, builds the relations that its checks read, and compares their rows."""

from __future__ import annotations

import datetime
import json
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import duckdb
import yaml

from replay import Replay
from running import ROOT
from shopper.contract import Table, load_contract
from shopper.load.landing import load
from shopper.load.mapping import read_mapping
from shopper.yaml_files import StrictLoader, read_yaml

SOURCES: Final = ROOT / "sources"
VARS: Final = {"timezone": "Europe/Paris", "currency": "EUR"}


@dataclass(frozen=True)
class Check:
    """A query on the warehouse and the rows that it must return, in order."""

    query: str
    rows: tuple[tuple[object, ...], ...]


def ready_sources() -> list[Path]:
    """The folders of the ready sources."""
    return sorted(path for path in SOURCES.iterdir() if path.is_dir()) if SOURCES.is_dir() else []


def checks_of(source: Path) -> list[Check]:
    """The checks of a ready source."""
    document = read_yaml(source / "expected.yml", StrictLoader)
    assert document.get("vars") == VARS, f"vars must be {VARS}"
    assert document.keys() == {"vars", "checks"}
    for check in document["checks"]:
        assert check.keys() == {"query", "rows"}, check
    return [Check(one["query"], tuple(tuple(row) for row in one["rows"])) for one in document["checks"]]


def load_source(mapping: Path, warehouse: Path) -> None:
    """Load the mapping of a ready source into a new warehouse."""
    contract = load_contract(ROOT)
    load(read_mapping(mapping, contract), contract, ROOT, warehouse)


def landed_rows(mapping: Path, warehouse: Path) -> dict[str, Counter[str]]:
    """The rows that a mapping lands in each table that has any, as text. Null is as good as no column at all."""
    load_source(mapping, warehouse)
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        tables = connection.execute("select table_name from duckdb_tables() where schema_name = 'raw'").fetchall()
        rows = {
            name: connection.execute(f"select to_json(one) from raw.{name} as one").fetchall() for (name,) in tables
        }
    return {name: Counter(map(_without_nulls, found)) for name, found in rows.items() if found}


def _without_nulls(row: tuple[str]) -> str:
    return str({name: value for name, value in json.loads(row[0]).items() if value is not None})


@cache
def expected_rows(source: Path) -> dict[str, Counter[str]]:
    """The rows that the example of a ready source lands with its own mapping."""
    with TemporaryDirectory() as folder:
        return landed_rows(source / "mapping.yml", Path(folder) / "shop.duckdb")


def build(replay: Replay, warehouse: Path, checks: Sequence[Check]) -> duckdb.DuckDBPyConnection:
    """The relations that the checks read, built from the landed rows of a warehouse."""
    connection = replay.in_memory()
    connection.execute(f"attach '{warehouse}' as landed (read_only)")
    for table in load_contract(ROOT).tables:
        _copy_rows(connection, table)
    _land_an_order(connection)
    connection.execute("detach landed")
    words = {word for check in checks for word in re.findall(r"\w+", check.query.lower())}
    replay.run(connection, needed=words & replay.names)
    connection.execute("set search_path = 'marts'")
    return connection


def _land_an_order(connection: duckdb.DuckDBPyConnection) -> None:
    """An order after the last moment of a source without orders, sessions and events, which no shop is without."""
    connection.execute(
        "insert into raw.orders by name select 'base' as order_id, cast(max(last_at) + interval 1 day as varchar) as"
        " ordered_at from landed.landing.spans having count(*) filter (where table_name in"
        " ('orders', 'sessions', 'events')) = 0"
    )


def _copy_rows(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Insert the landed rows. A key that the source does not have is made from the row, as the project does."""
    found = connection.execute(
        "select column_name from duckdb_columns() where database_name = 'landed' and schema_name = 'raw'"
        f" and table_name = '{table.name}'"
    ).fetchall()
    if not found:
        return
    present = [column.name for column in table.columns if (column.name,) in found]
    values = {name: name for name in present}
    if len(table.keys) == 1 and table.keys[0] not in present:
        parts = ", ".join(f"coalesce({name}, chr(30))" for name in present)
        digest = f"md5(concat_ws(chr(31), {parts}))"
        values[table.keys[0]] = f"{digest} || '-' || cast(row_number() over (partition by {digest}) as varchar)"
    connection.execute(
        f"insert into raw.{table.name} by name"
        f" select {', '.join(f'{value} as {name}' for name, value in values.items())} from landed.raw.{table.name}"
    )


def differences(connection: duckdb.DuckDBPyConnection, checks: Sequence[Check]) -> list[str]:
    """What the checks do not find as expected, one text each."""
    found = []
    for check in checks:
        try:
            rows = connection.execute(check.query).fetchall()
        except duckdb.Error as error:
            found.append(f"{check.query}\n  {error}")
            continue
        if len(rows) != len(check.rows) or not all(map(_same_row, check.rows, rows)):
            found.append(f"{check.query}\n{_compared(check.rows, rows)}")
    return found


def _compared(expected: Sequence[tuple[object, ...]], rows: Sequence[tuple[object, ...]]) -> str:
    lines = []
    for number in range(max(len(expected), len(rows))):
        wanted = expected[number] if number < len(expected) else None
        row = rows[number] if number < len(rows) else None
        if wanted is None or row is None or not _same_row(wanted, row):
            lines += [f"  expected {_shown(wanted)}", f"  found    {_shown(row)}"]
    return "\n".join(lines)


def _shown(row: tuple[object, ...] | None) -> str:
    if row is None:
        return "no row"
    texts = []
    for value in row:
        plain = str(value) if isinstance(value, datetime.date) else value
        dumped = (
            yaml.safe_dump([plain], default_flow_style=True, allow_unicode=True, width=10_000)
            if not isinstance(value, Decimal)
            else f"[{value}]"
        )
        texts.append(dumped.strip()[1:-1])
    return f"[{', '.join(texts)}]"


def _same_row(expected: tuple[object, ...], row: tuple[object, ...]) -> bool:
    return len(expected) == len(row) and all(map(_same, expected, row))


def _same(expected: Any, value: Any) -> bool:
    """Whether a value is the expected one: exact decimals, doubles to nine digits, moments as their text."""
    if isinstance(value, float) and isinstance(expected, (int, float)):
        return math.isclose(value, expected, rel_tol=1e-9, abs_tol=1e-12)
    if isinstance(expected, bool) or isinstance(value, bool):
        return expected is value
    if isinstance(value, (Decimal, int)):
        return isinstance(expected, (int, float)) and Decimal(str(expected)) == value
    if isinstance(value, datetime.date):
        return str(expected) == str(value)
    return bool(expected == value)
