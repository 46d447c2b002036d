"""The history of loads in the schema `landing` of a warehouse. The next load uses it to find what is new.

`landing.loads`: the files that each table came from, with content digest and time of the first load; for tables whose
rows are kept by file also their key, number of rows and columns. `landing.tables`: the digest of mapping and content of
each table. `landing.columns`: the columns of each source and the kind of their values. `landing.spans`: first and last
value of each date or timestamp column, `landing.file_spans`: the same by file. `landing.stamps`: what the file system
said of each file. `landing.rejects`: unreadable lines. Other tables in the schema belong to other code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import duckdb

from shopper.file_keys import FILE_KEY
from shopper.load.deliveries import Stamp
from shopper.load.file_records import FileRecord, read_records

TABLES: Final = {
    "loads": "table_name varchar, source varchar, file varchar, content_digest varchar, bytes bigint,"
    " table_rows bigint, loaded_at timestamp",
    "tables": "table_name varchar, digest varchar, table_rows bigint, loaded_at timestamp",
    "columns": "table_name varchar, source varchar, column_name varchar, kind varchar",
    "spans": "table_name varchar, column_name varchar, first_at timestamp, last_at timestamp",
    "rejects": "source varchar, file varchar, line bigint, column_name varchar, error varchar, line_text varchar",
}
BY_FILE: Final = {
    "file_spans": "table_name varchar, file_key varchar, column_name varchar, first_at timestamp, last_at timestamp",
    "stamps": "source varchar, file varchar, bytes bigint, modified_ns bigint, changed_ns bigint, inode ubigint,"
    " content_digest varchar, digested_ns bigint",
}
KEPT_REJECTS: Final = "kept_rejects"


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
    """All tables in raw that are unchanged since their load, and the number of rejected lines by source.

    names: the file of each content, by source and digest. files: those of the tables whose rows are kept by file.
    spans: by table and key of a file. stamps: by source and path.
    """

    tables: Mapping[str, TableHistory] = field(default_factory=dict)
    rejects: Mapping[str, int] = field(default_factory=dict)
    in_raw: frozenset[str] = frozenset()
    names: Mapping[tuple[str, str], str] = field(default_factory=dict)
    files: Mapping[str, tuple[FileRecord, ...]] = field(default_factory=dict)
    spans: Mapping[tuple[str, str], tuple[Span, ...]] = field(default_factory=dict)
    stamps: Mapping[str, Mapping[str, Stamp]] = field(default_factory=dict)


@dataclass(frozen=True)
class TableRecord:
    """The history entry of one loaded table. `kinds`: source, column, kind; `file_spans`: by key of a file."""

    table: str
    digest: str
    rows: int
    files: tuple[FileRecord, ...]
    kinds: tuple[tuple[str, str, str | None], ...]
    spans: tuple[Span, ...]
    file_spans: Mapping[str, tuple[Span, ...]]


def read_history(connection: duckdb.DuckDBPyConnection) -> History:
    """The history of the database attached as `warehouse`. Its rejected lines are copied to `kept_rejects`.

    A table that something else changed (its number of rows differs from the load's) counts as never loaded. One without
    rows may not be in raw, because nothing is known of it.
    """
    in_raw = {
        name: tuple(column for column in columns if column != FILE_KEY)
        for name, columns in connection.execute(
            "select table_name, list(column_name order by column_index) from duckdb_columns()"
            " where database_name = 'warehouse' and schema_name = 'raw' group by table_name"
        ).fetchall()
    }
    known = {
        name
        for (name,) in connection.execute(
            "select table_name from duckdb_tables() where database_name = 'warehouse' and schema_name = 'landing'"
        ).fetchall()
    }
    if not set(TABLES) <= known:
        return History(in_raw=frozenset(in_raw))

    def rows(query: str) -> list[tuple[Any, ...]]:
        return connection.execute(query).fetchall()

    files, kinds, spans = (
        rows("select table_name, source, content_digest, file from warehouse.landing.loads"),
        rows("select table_name, source, column_name, kind from warehouse.landing.columns"),
        rows("select table_name, column_name, first_at, last_at from warehouse.landing.spans"),
    )
    tables = {}
    for name, digest, landed_rows in rows("select table_name, digest, table_rows from warehouse.landing.tables"):
        if (_count(connection, f"warehouse.raw.{name}") if name in in_raw else 0) != landed_rows:
            continue
        sources = {source for table, source, *_file in files if table == name}
        tables[name] = TableHistory(
            digest,
            landed_rows,
            in_raw.get(name, ()),
            tuple(Span(*span) for table, *span in spans if table == name),
            {s: frozenset(d for table, source, d, _name in files if (table, source) == (name, s)) for s in sources},
            {s: {c.lower(): k for table, source, c, k in kinds if (table, source) == (name, s)} for s in sources},
        )
    connection.execute(f"create table {KEPT_REJECTS} as select * from warehouse.landing.rejects")
    by_file = set(BY_FILE) <= known
    return History(
        tables,
        dict(rows(f"select source, count(*) from {KEPT_REJECTS} group by source")),
        frozenset(in_raw),
        {(source, digest): name for _table, source, digest, name in files},
        {name: records for name, records in read_records(connection).items() if name in tables} if by_file else {},
        _file_spans(connection) if by_file else {},
        _stamps(connection) if by_file else {},
    )


def _file_spans(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], tuple[Span, ...]]:
    spans: dict[tuple[str, str], list[Span]] = {}
    for table, key, *span in connection.execute("from warehouse.landing.file_spans").fetchall():
        spans.setdefault((table, key), []).append(Span(*span))
    return {file: tuple(of_file) for file, of_file in spans.items()}


def _stamps(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, Stamp]]:
    stamps: dict[str, dict[str, Stamp]] = {}
    for source, name, *values in connection.execute("from warehouse.landing.stamps").fetchall():
        stamps.setdefault(source, {})[name] = Stamp(*values)
    return stamps


def _count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    row = connection.execute(f"select count(*) from {relation}").fetchone()
    return int(row[0]) if row else 0
