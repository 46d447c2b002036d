"""SQLite files, read with Python's own module: a value of SQLite has a type of its own, and DuckDB's extension stops at
the first one that does not fit its column's. All values become text; blobs become hexadecimal digits.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from urllib.parse import quote

import duckdb
import pyarrow as pa

from shopper.load.attached import Attached
from shopper.sql import quoted

_ROWS = 50_000


class SqliteFile(Attached):
    """A SQLite file."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, path: Path) -> None:
        """`path` is that of the file."""
        super().__init__(connection, str(path))
        self._numbers = count(1)

    def open(self) -> None:
        """Open the file, read only, and begin a transaction."""
        self._file = sqlite3.connect(f"file:{quote(self.place)}?mode=ro", uri=True, isolation_level=None)
        self._file.execute("begin")

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def tables(self) -> list[str]:
        """Tables and views, each with its schema."""
        found = self._file.execute("select name from sqlite_master where type in ('table', 'view')").fetchall()
        return [f"main.{name}" for (name,) in found]

    def rows(self, schema: str, table: str, _columns: Sequence[str]) -> str:
        """Copy a table, and SQL of the rows of the copy."""
        relation = f"{quoted(schema)}.{quoted(table)}"
        columns = [row[0] for row in self._file.execute(f"select * from {relation} limit 0").description]
        texts = ", ".join(
            f"case typeof({name}) when 'blob' then hex({name}) else cast({name} as text) end"
            for name in map(quoted, columns)
        )
        copy = f"sqlite_{next(self._numbers)}"
        self.connection.execute(
            f"create temp table {copy} ({', '.join(f'{quoted(name)} varchar' for name in columns)})"
        )
        rows = self._file.execute(f"select {texts} from {relation}")
        schema_of_text = pa.schema([(f"c{number}", pa.string()) for number in range(len(columns))])
        while batch := rows.fetchmany(_ROWS):
            arrays = [pa.array(values, pa.string()) for values in zip(*batch, strict=True)]
            self.connection.register("sqlite_batch", pa.Table.from_arrays(arrays, schema=schema_of_text))
            self.connection.execute(f"insert into {copy} select * from sqlite_batch")
            self.connection.unregister("sqlite_batch")
        return f"select * from {copy}"
