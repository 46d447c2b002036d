"""Reads the marts of a published file for reports. A publication may hold only some marts, or some of their columns."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from shopper.sql import literal


@contextmanager
def opened(file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the file attached read-only as the current database. Raises duckdb.Error."""
    with duckdb.connect() as connection:
        connection.execute(f"attach {literal(str(file))} as shop (read_only)")
        connection.execute("use shop")
        yield connection


def mart_columns(connection: duckdb.DuckDBPyConnection, mart: str, database: str = "shop") -> set[str]:
    """Columns of a mart in an attached database; empty if it is not there."""
    found = connection.execute(
        "select column_name from duckdb_columns() where database_name = ? and schema_name = 'marts' and table_name = ?",
        [database, mart],
    ).fetchall()
    return {str(row[0]) for row in found}
