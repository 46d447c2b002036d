"""Copies of the built tables: a DuckDB file and Parquet files, sorted by key, the columns of the key first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from shopper.errors import CheckFailed
from shopper.publish.descriptions import Name, Table, write_descriptions
from shopper.publish.semantics import Semantics
from shopper.sql import STORAGE_VERSION, literal, quoted


@dataclass(frozen=True)
class Identity:
    """The row of `audit.generation`."""

    id: str
    published_at: datetime
    labels: tuple[str, ...]


def copy_tables(
    connection: duckdb.DuckDBPyConnection,
    tables: Sequence[Name],
    building: Path,
    stem: str,
    identity: Identity,
    semantics: Semantics | None,
) -> dict[str, int]:
    """Write the DuckDB file and the Parquet files of tables in the attached database `source`.

    Returns the rows of each table, equal in source and both copies. Raises CheckFailed if they are not, duckdb.Error if
    something can't be written.
    """
    file = building / f"{stem}.duckdb"
    described = semantics.tables if semantics else {}
    connection.execute(f"attach {literal(str(file))} as target (storage_version {literal(STORAGE_VERSION)})")
    rows, built = {}, _built_columns(connection)
    for schema, name in tables:
        relation = f"{quoted(schema)}.{quoted(name)}"
        connection.execute(f"create schema if not exists target.{quoted(schema)}")
        columns, order = _reading_order(built[schema, name], described.get((schema, name)))
        connection.execute(f"create table target.{relation} as select {columns} from source.{relation}{order}")
        parquet = _write_parquet(connection, (schema, name), building)
        counts = {
            place: _rows(connection, place)
            for place in (f"source.{relation}", f"target.{relation}", f"read_parquet({literal(str(parquet))})")
        }
        if len(set(counts.values())) != 1:
            raise CheckFailed(f"{schema}.{name}: the copy has a different number of rows than the warehouse ({counts})")
        rows[f"{schema}.{name}"] = counts[f"source.{relation}"]
    copy_comments(connection, "source", "target", tables)
    if semantics:
        semantics.write_table(connection)
        write_descriptions(connection, described)
        for name in ("metrics", "tables", "columns"):
            _write_parquet(connection, ("meta", name), building)
    connection.execute("create schema if not exists target.audit")
    connection.execute(
        "create table target.audit.generation as select ?::varchar as generation_id, ?::varchar as labels,"
        " ?::timestamp as published_at",
        [
            identity.id,
            "; ".join(identity.labels) or None,
            identity.published_at.astimezone(UTC).replace(tzinfo=None),
        ],
    )
    _write_parquet(connection, ("audit", "generation"), building)
    connection.execute("checkpoint target")
    connection.execute("detach target")
    if file.with_name(file.name + ".wal").exists():
        raise CheckFailed(f"{file}: not checkpointed")
    return rows


def _built_columns(connection: duckdb.DuckDBPyConnection) -> dict[Name, list[str]]:
    """Columns of each table and view of the attached database `source`, in their order."""
    found: dict[Name, list[str]] = defaultdict(list)
    for schema, name, column in connection.execute(
        "select schema_name, table_name, column_name from duckdb_columns() where database_name = 'source'"
        " order by schema_name, table_name, column_index"
    ).fetchall():
        found[schema, name].append(column)
    return found


def _reading_order(columns: Sequence[str], table: Table | None) -> tuple[str, str]:
    """SQL of the columns in the order in which people read, and of the order of rows; all as built without a key."""
    if table is None or not table.key or not set(table.key) <= set(columns):
        return "*", ""
    names = ", ".join(map(quoted, table.in_reading_order(columns)))
    return names, f" order by {', '.join(map(quoted, table.key))}"


def _write_parquet(connection: duckdb.DuckDBPyConnection, name: Name, building: Path) -> Path:
    schema, table = name
    parquet = building / "parquet" / schema / f"{table}.parquet"
    parquet.parent.mkdir(parents=True, exist_ok=True)
    connection.execute(
        f"copy target.{quoted(schema)}.{quoted(table)} to {literal(str(parquet))} (format parquet, compression zstd)"
    )
    return parquet


def copy_comments(connection: duckdb.DuckDBPyConnection, source: str, target: str, tables: Collection[Name]) -> None:
    """Copy the comments of tables and columns between attached databases. BI tools show them as descriptions."""
    commented = connection.execute(
        "select schema_name, table_name, null, comment from duckdb_tables()"
        " where database_name = $1 and comment is not null"
        " union all"
        " select schema_name, table_name, column_name, comment from duckdb_columns()"
        " where database_name = $1 and comment is not null order by all",
        [source],
    ).fetchall()
    for schema, name, column, comment in commented:
        if (schema, name) in tables:
            relation = f"{target}.{quoted(schema)}.{quoted(name)}"
            subject = f"column {relation}.{quoted(column)}" if column else f"table {relation}"
            connection.execute(f"comment on {subject} is {literal(comment)}")


def _rows(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    row = connection.execute(f"select count(*) from {relation}").fetchone()
    return int(row[0]) if row else 0
