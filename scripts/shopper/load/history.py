"""The history of loads in the schema `landing` of a warehouse. The next load uses it to find what is new.

`landing.loads`: the files that each table came from, with content digest and time of the first load. `landing.tables`:
the digest of mapping and content of each table. `landing.columns`: the columns of each source and the kind of their
values. `landing.spans`: first and last value of each date or timestamp column. `landing.rejects`: unreadable lines.
Other tables in the schema belong to other code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import duckdb

from shopper.sql import literal

_TABLES = {
    "loads": "table_name varchar, source varchar, file varchar, content_digest varchar, bytes bigint,"
    " table_rows bigint, loaded_at timestamp",
    "tables": "table_name varchar, digest varchar, table_rows bigint, loaded_at timestamp",
    "columns": "table_name varchar, source varchar, column_name varchar, kind varchar",
    "spans": "table_name varchar, column_name varchar, first_at timestamp, last_at timestamp",
    "rejects": "source varchar, file varchar, line bigint, column_name varchar, error varchar, line_text varchar",
}


@dataclass(frozen=True)
class Span:
    """First and last value of a date or timestamp column, in UTC, as staging casts them; None if it has no value."""

    column: str
    first_at: datetime | None
    last_at: datetime | None


@dataclass(frozen=True)
class TableHistory:
    """A table as the last load left it. `digests` and `kinds` are by source; kinds then by lower-case column name."""

    digest: str
    rows: int
    columns: tuple[str, ...]
    spans: tuple[Span, ...]
    digests: Mapping[str, frozenset[str]]
    kinds: Mapping[str, Mapping[str, str | None]]


@dataclass(frozen=True)
class History:
    """All tables in raw that are unchanged since their load, and the number of rejected lines by source."""

    tables: Mapping[str, TableHistory] = field(default_factory=dict)
    rejects: Mapping[str, int] = field(default_factory=dict)
    in_raw: frozenset[str] = frozenset()


@dataclass(frozen=True)
class TableRecord:
    """The history entry of one loaded table. `files`: source, file, digest, bytes; `kinds`: source, column, kind."""

    table: str
    digest: str
    rows: int
    files: tuple[tuple[str, str, str, int], ...]
    kinds: tuple[tuple[str, str, str | None], ...]
    spans: tuple[Span, ...]


def read_history(connection: duckdb.DuckDBPyConnection) -> History:
    """The history of the database attached as `warehouse`.

    A table that something else changed (its number of rows differs from the load's) counts as never loaded.
    """
    in_raw = {
        name: tuple(columns)
        for name, columns in connection.execute(
            "select table_name, list(column_name order by column_index) from duckdb_columns()"
            " where database_name = 'warehouse' and schema_name = 'raw' group by table_name"
        ).fetchall()
    }
    known = connection.execute(
        "select table_name from duckdb_tables() where database_name = 'warehouse' and schema_name = 'landing'"
    ).fetchall()
    if not {(name,) for name in _TABLES} <= set(known):
        return History(in_raw=frozenset(in_raw))

    def rows(query: str) -> list[tuple[str, ...]]:
        return connection.execute(query).fetchall()

    files, kinds = (
        rows("select table_name, source, content_digest from warehouse.landing.loads"),
        rows("select table_name, source, column_name, kind from warehouse.landing.columns"),
    )
    spans = connection.execute(
        "select table_name, column_name, first_at, last_at from warehouse.landing.spans"
    ).fetchall()
    tables = {}
    for name, digest, landed_rows in connection.execute(
        "select table_name, digest, table_rows from warehouse.landing.tables"
    ).fetchall():
        if name not in in_raw or _count(connection, f"warehouse.raw.{name}") != landed_rows:
            continue
        sources = {source for table, source, _digest in files if table == name}
        tables[name] = TableHistory(
            digest,
            landed_rows,
            in_raw[name],
            tuple(Span(*span) for table, *span in spans if table == name),
            {s: frozenset(d for table, source, d in files if (table, source) == (name, s)) for s in sources},
            {s: {c.lower(): k for table, source, c, k in kinds if (table, source) == (name, s)} for s in sources},
        )
    rejects = connection.execute("select source, count(*) from warehouse.landing.rejects group by source").fetchall()
    return History(tables, dict(rejects), frozenset(in_raw))


def write_history(
    connection: duckdb.DuckDBPyConnection, landings: Iterable[TableRecord], sources: Iterable[str], rejects: str
) -> None:
    """Record the loaded tables and the rejected lines of the sources read, in the same transaction as the load.

    Content that is delivered again keeps the time of its first load.
    """
    connection.execute("create schema if not exists warehouse.landing")
    for name, columns in _TABLES.items():
        connection.execute(f"create table if not exists warehouse.landing.{name} ({columns})")
    connection.execute(
        "create temp table delivered (table_name varchar, source varchar, file varchar, content_digest varchar,"
        " bytes bigint, table_rows bigint)"
    )
    for one in landings:
        table = literal(one.table)
        for name in ("tables", "columns", "spans"):
            connection.execute(f"delete from warehouse.landing.{name} where table_name = {table}")
        connection.execute(
            f"insert into warehouse.landing.tables values ({table}, {literal(one.digest)}, {one.rows},"
            " current_timestamp at time zone 'UTC')"
        )
        _insert(connection, "warehouse.landing.columns", [(one.table, *kind) for kind in one.kinds])
        _insert(
            connection,
            "warehouse.landing.spans",
            [(one.table, span.column, span.first_at, span.last_at) for span in one.spans],
        )
        _insert(connection, "delivered", [(one.table, *file, one.rows) for file in one.files])
        connection.execute(
            f"delete from warehouse.landing.loads where table_name = {table}"
            " and (table_name, source, file, content_digest, table_rows) not in"
            " (select (table_name, source, file, content_digest, table_rows) from delivered)"
        )
    connection.execute(
        "insert into warehouse.landing.loads select delivered.*, current_timestamp at time zone 'UTC' from delivered"
        " anti join warehouse.landing.loads as loads using (table_name, source, file, content_digest, table_rows)"
    )
    names = ", ".join(literal(source) for source in sources)
    connection.execute(f"delete from warehouse.landing.rejects where source in ({names or 'null'})")
    connection.execute(f"insert into warehouse.landing.rejects select * from {rejects} order by all")


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: list[tuple[object, ...]]) -> None:
    """Insert values as SQL literals: with parameters, DuckDB would import pandas, which is slow."""
    if rows:
        values = ", ".join(f"({', '.join(_sql_value(value) for value in row)})" for row in rows)
        connection.execute(f"insert into {table} values {values}")


def _sql_value(value: object) -> str:
    if value is None:
        return "null"
    return str(value) if isinstance(value, int) else literal(str(value))


def _count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    row = connection.execute(f"select count(*) from {relation}").fetchone()
    return int(row[0]) if row else 0
