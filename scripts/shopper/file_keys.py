"""The key of the file that a row of a raw table was loaded from, and the number of rows of each file."""

from __future__ import annotations

from typing import Final

import duckdb

from shopper.sql import literal

FILE_KEY: Final = "_file_key"


def count_by_file(connection: duckdb.DuckDBPyConnection, database: str, table: str) -> None:
    """Update the rows by file of a raw table of an attached database, after rows of it were deleted."""
    columns = connection.execute(
        "select count(*) from duckdb_columns() where database_name = ? and column_name in (?, 'file_key')"
        " and (schema_name, table_name) in (('raw', ?), ('landing', 'loads'))",
        [database, FILE_KEY, table],
    ).fetchone()
    if columns == (2,):
        connection.execute(
            f"update {database}.landing.loads set file_rows ="
            f" (select count(*) from {database}.raw.{table} as landed where landed.{FILE_KEY} = loads.file_key)"
            f" where table_name = {literal(table)} and file_key is not null"
        )
