"""Writes the history of a load into the schema `landing`, in the transaction of the load."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import duckdb

from shopper.load.deliveries import DeliveredFile, Delivery, Stamp
from shopper.load.file_records import COLUMNS
from shopper.load.history import BY_FILE, TABLES, History, TableRecord
from shopper.sql import literal

_ROWS_PER_INSERT: Final = 1_000


def create_landing(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the tables of the history that the database attached as `warehouse` lacks."""
    connection.execute("create schema if not exists warehouse.landing")
    for name, columns in (TABLES | BY_FILE).items():
        connection.execute(f"create table if not exists warehouse.landing.{name} ({columns})")
    for column, kind in COLUMNS.items():
        connection.execute(f"alter table warehouse.landing.loads add column if not exists {column} {kind}")


def write_history(
    connection: duckdb.DuckDBPyConnection, landings: Sequence[TableRecord], sources: Iterable[str], rejects: str
) -> None:
    """Record the loaded tables and the rejected lines of the sources read.

    Content that is delivered again keeps the time of its first load.
    """
    columns = ", ".join(f"{column} {kind}" for column, kind in COLUMNS.items())
    connection.execute(
        "create temp table delivered (table_name varchar, source varchar, file varchar, content_digest varchar,"
        f" bytes bigint, table_rows bigint, {columns})"
    )
    for one in landings:
        table = literal(one.table)
        for name in ("tables", "columns", "spans", "file_spans"):
            connection.execute(f"delete from warehouse.landing.{name} where table_name = {table}")
        connection.execute(
            f"insert into warehouse.landing.tables values ({table}, {literal(one.digest)}, {one.rows},"
            " current_timestamp at time zone 'UTC')"
        )
        insert(connection, "warehouse.landing.columns", [(one.table, *kind) for kind in one.kinds])
        insert(
            connection,
            "warehouse.landing.spans",
            [(one.table, span.column, span.first_at, span.last_at) for span in one.spans],
        )
        insert(
            connection,
            "warehouse.landing.file_spans",
            [
                (one.table, key, span.column, span.first_at, span.last_at)
                for key, spans in one.file_spans.items()
                for span in spans
            ],
        )
        insert(
            connection,
            "delivered",
            [
                (one.table, file.source, file.name, file.digest, file.size, one.rows, *file.values())
                for file in one.files
            ],
        )
    loaded_at = "coalesce(earlier.loaded_at, current_timestamp at time zone 'UTC') as loaded_at"
    connection.execute(
        f"create temp table loaded as select delivered.*, {loaded_at}"
        " from delivered left join warehouse.landing.loads as earlier"
        " on earlier.table_name = delivered.table_name and earlier.source = delivered.source"
        " and earlier.content_digest = delivered.content_digest"
    )
    landed = ", ".join(literal(one.table) for one in landings)
    connection.execute(f"delete from warehouse.landing.loads where table_name in ({landed or 'null'})")
    connection.execute("insert into warehouse.landing.loads by name select * from loaded")
    names = ", ".join(literal(source) for source in sources)
    connection.execute(f"delete from warehouse.landing.rejects where source in ({names or 'null'})")
    connection.execute(f"insert into warehouse.landing.rejects select * from {rejects} order by all")


def write_names(connection: duckdb.DuckDBPyConnection, history: History, deliveries: Iterable[Delivery]) -> None:
    """Record the stamps of all files of the deliveries, and the new names of files that were renamed."""
    renamed = []
    for delivery in deliveries:
        if dict(delivery.stamps) != dict(history.stamps.get(delivery.source, {})):
            _write_stamps(connection, delivery.source, delivery.stamps)
        renamed += [(delivery.source, old, file.digest, file.name) for old, file in renames(history, delivery)]
    if renamed:
        connection.execute(
            "create temp table renamed (source varchar, file varchar, content_digest varchar, name varchar)"
        )
        insert(connection, "renamed", renamed)
        connection.execute(
            "update warehouse.landing.loads set file = renamed.name from renamed"
            " where loads.source = renamed.source and loads.content_digest = renamed.content_digest"
        )
        connection.execute(
            "update warehouse.landing.rejects set file = renamed.name from renamed"
            " where rejects.source = renamed.source and rejects.file = renamed.file"
        )


def renames(history: History, delivery: Delivery) -> list[tuple[str, DeliveredFile]]:
    """The files of a delivery that the history knows under another name, each with that name."""
    known = ((history.names.get((delivery.source, file.digest)), file) for file in delivery.files)
    return [(name, file) for name, file in known if name not in {None, file.name}]


def _write_stamps(connection: duckdb.DuckDBPyConnection, source: str, stamps: Mapping[str, Stamp]) -> None:
    connection.execute(f"delete from warehouse.landing.stamps where source = {literal(source)}")
    insert(
        connection,
        "warehouse.landing.stamps",
        [
            (source, name, one.size, one.modified_ns, one.changed_ns, one.inode, one.digest, one.digested_ns)
            for name, one in stamps.items()
        ],
    )


def insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[tuple[object, ...]]) -> None:
    """Insert values as SQL literals: with parameters, DuckDB would import pandas, which is slow."""
    for start in range(0, len(rows), _ROWS_PER_INSERT):
        values = ", ".join(
            f"({', '.join(_sql_value(value) for value in row)})" for row in rows[start : start + _ROWS_PER_INSERT]
        )
        connection.execute(f"insert into {table} values {values}")


def _sql_value(value: object) -> str:
    if value is None:
        return "null"
    return str(value) if isinstance(value, int) else literal(str(value))
