"""Reads tables of databases: PostgreSQL and MySQL servers, SQLite and DuckDB files.

All tables of one database are copied in one transaction, so they show the same state of the database.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence
from itertools import count
from pathlib import Path

import duckdb

from shopper.errors import BadInput, Locked
from shopper.load.attached import Attached, DuckDbFile
from shopper.load.database_sources import SERVERS, DatabaseSource
from shopper.load.deliveries import DeliveredFile, Delivery, FileColumns, ReadSource
from shopper.load.mysql import MySql
from shopper.load.postgres import Postgres
from shopper.load.relations import create_relations
from shopper.load.shapes import FILE_COLUMN, columns_of, require_free_names
from shopper.load.sqlite import SqliteFile
from shopper.load.variables import expanded, hidden, home_expanded
from shopper.sql import is_lock_conflict, literal, lock_holder, quoted, reason
from shopper.suggestions import suggestion


def read_databases(
    connection: duckdb.DuckDBPyConnection, sources: Sequence[DatabaseSource], folder: Path
) -> list[ReadSource]:
    """Copy tables into the relations named like their sources, in the given order. `folder` is that of the mapping
    file.

    Raises BadInput if an extension, a file or a table is missing or the server refuses, Locked if a process writes the
    file. Messages never contain a password.
    """
    read: dict[str, ReadSource] = {}
    numbers = count(1)
    for kind, location in dict.fromkeys((source.kind, source.location) for source in sources):
        members = [source for source in sources if (source.kind, source.location) == (kind, location)]
        database = _database_of(connection, members[0], folder)
        try:
            database.open()
            for source in members:
                read[source.name] = _copy(connection, source, database, f"copied_{next(numbers)}")
            database.close()
        except (duckdb.Error, sqlite3.Error) as error:
            text = reason(error) if isinstance(error, duckdb.Error) else f"{database.place}: {error}"
            names = ", ".join(source.name for source in members)
            if is_lock_conflict(str(error)):
                raise Locked(f"source {names}: {database.place} is open in {lock_holder(str(error))}") from None
            raise BadInput(f"source {names}: {hidden(text, database.secrets)}") from None
    return [read[source.name] for source in sources]


def _database_of(connection: duckdb.DuckDBPyConnection, source: DatabaseSource, folder: Path) -> Attached:
    if source.kind in SERVERS:
        what = f"source {source.name}: the connection {source.location}"
        return (Postgres if source.kind == "postgres" else MySql)(connection, source.location, what)
    given = home_expanded(expanded(source.location, f"source {source.name}: the path {source.location}"))
    path = given if given.is_absolute() else folder / given
    if not path.is_file():
        raise BadInput(f"source {source.name}: no file {path}")
    return (SqliteFile if source.kind == "sqlite" else DuckDbFile)(connection, path)


def _copy(connection: duckdb.DuckDBPyConnection, source: DatabaseSource, database: Attached, copy: str) -> ReadSource:
    """Copy one table, and create its relations with the columns that the source names."""
    schema = source.schema or database.schema
    table = f"{schema}.{source.table}"
    known = database.tables()
    if table not in known:
        raise BadInput(f"source {source.name}: {database.place} has no table {table}{suggestion(table, known)}")
    columns = (
        ()
        if isinstance(database, SqliteFile)
        else tuple(columns_of(connection, f"server.{quoted(schema)}.{quoted(source.table)}"))
    )
    place = f"{database.place}/{table}"
    rows = database.rows(schema, source.table, columns)
    require_free_names(f"source {source.name}: {place}", columns_of(connection, f"({rows})"))
    connection.execute(f"create table {copy} as select *, {literal(place)} as {FILE_COLUMN} from ({rows})")
    content = f"(select * exclude ({FILE_COLUMN}) from {copy})"
    types = columns_of(connection, content)
    own = tuple(types)
    header = source.columns.renamed(own)
    source.columns.require(f"source {source.name}: {place}", header)
    renamed = ", ".join(f"{quoted(a)} as {quoted(b)}" for a, b in zip(own, header, strict=True) if a != b)
    create_relations(
        connection, source.name, source.columns, f"select *{f' rename ({renamed})' if renamed else ''} from {copy}", {}
    )
    number, digest, size = _content(connection, content, own)
    delivered = DeliveredFile(place, digest, size, 0)
    here = (*header, *source.columns.absent(header))
    typed = dict(zip(header, types.values(), strict=True))
    by_file = (FileColumns(place, quoted(source.name), here, typed, place),)
    return ReadSource(Delivery(source.name, (delivered,)), here, by_file, number, 0)


def _content(connection: duckdb.DuckDBPyConnection, rows: str, header: Sequence[str]) -> tuple[int, str, int]:
    """Number of rows, a digest of their content that ignores row order, and the size of their text in bytes."""
    number, size, *sums = connection.execute(
        "select count(*), coalesce(sum(strlen(content)), 0), bit_xor(md5_number_upper(content)),"
        f" sum(md5_number_lower(content)) from (select to_json(rows) as content from {rows} as rows)"
    ).fetchone() or (0, 0)
    return number, hashlib.sha256(repr((list(header), number, sums)).encode()).hexdigest(), int(size)
