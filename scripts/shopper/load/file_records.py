"""Which rows of a raw table came from which file: its column `_file_key`, and its files in `landing.loads`.

A table whose rows are kept by file has a record for each file of each of its sources; other tables have no such records
and no such column.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import duckdb

from shopper.file_keys import FILE_KEY

# Additional columns of `landing.loads`; null for a table that is landed whole.
COLUMNS: Final = {"file_key": "varchar", "file_rows": "bigint", "made_by": "varchar", "file_columns": "varchar"}
_KEY_LENGTH: Final = 16


@dataclass(frozen=True)
class FileRecord:
    """A file of a source, as the rows of one raw table have it.

    name: path or address; digest: of its content; size in bytes; rows: in the raw table, None if the table is landed
    whole; made_by: digest of the mapping, rules and code that made the rows; types: DuckDB type by column of the file.
    """

    source: str
    name: str
    digest: str
    size: int
    rows: int | None = None
    made_by: str | None = None
    types: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The value of `_file_key` in the rows of this file: the same wherever its content is loaded."""
        return key_of(self.source, self.digest)

    def values(self) -> tuple[object, ...]:
        """The values of the additional columns of `landing.loads`."""
        if self.rows is None:
            return (None,) * len(COLUMNS)
        return self.key, self.rows, self.made_by, json.dumps(self.types, ensure_ascii=False)


def key_of(source: str, digest: str) -> str:
    """The key of a content of a source."""
    return hashlib.sha256(f"{source}\0{digest}".encode()).hexdigest()[:_KEY_LENGTH]


def read_records(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[FileRecord, ...]]:
    """The records of each table of the database attached as `warehouse` whose rows are kept by file.

    A table whose rows by file are no longer those of its load has none.
    """
    columns = connection.execute(
        "select column_name from duckdb_columns() where database_name = 'warehouse' and schema_name = 'landing'"
        " and table_name = 'loads'"
    ).fetchall()
    if not {(name,) for name in COLUMNS} <= set(columns):
        return {}
    records: dict[str, list[FileRecord]] = {}
    for table, source, name, digest, size, rows, made_by, types in connection.execute(
        "select table_name, source, file, content_digest, bytes, file_rows, made_by, file_columns"
        " from warehouse.landing.loads where file_key is not null order by all"
    ).fetchall():
        records.setdefault(table, []).append(FileRecord(source, name, digest, size, rows, made_by, json.loads(types)))
    return {
        table: tuple(files) for table, files in records.items() if _rows_by_key(connection, table) == _counted(files)
    }


def _counted(files: list[FileRecord]) -> dict[str | None, int]:
    return {file.key: file.rows for file in files if file.rows}


def _rows_by_key(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str | None, int]:
    """Number of rows by file of a raw table; empty if there is no such table or column."""
    relation = f"warehouse.raw.{table}"
    try:
        found = connection.execute(f"select {FILE_KEY}, count(*) from {relation} group by {FILE_KEY}").fetchall()
    except (duckdb.CatalogException, duckdb.BinderException):
        return {}
    return dict(found)
