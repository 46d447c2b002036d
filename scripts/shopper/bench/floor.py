"""The floor under every build: reading each raw column once and writing each mart once with plain DuckDB."""

from __future__ import annotations

from pathlib import Path

import duckdb


def read_and_write(warehouse: Path, copy: Path) -> None:
    """Hash every value of the raw tables of a built warehouse, and write its marts into the new file `copy`."""
    with duckdb.connect(str(copy), config={"threads": 2, "preserve_insertion_order": False}) as connection:
        connection.execute("set enable_progress_bar = false")
        connection.execute(f"attach '{warehouse}' as built (read_only)")
        for table in _tables(connection, "raw"):
            connection.execute(f'select bit_xor(hash(*columns(*))) from built.raw."{table}"').fetchall()
        for table in _tables(connection, "marts"):
            connection.execute(f'create table "{table}" as from built.marts."{table}"')


def _tables(connection: duckdb.DuckDBPyConnection, schema: str) -> list[str]:
    query = "select table_name from duckdb_tables() where database_name = 'built' and schema_name = ? order by 1"
    return [name for (name,) in connection.execute(query, [schema]).fetchall()]
