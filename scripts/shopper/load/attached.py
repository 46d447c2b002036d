"""A database that is attached to the scratch database as `server`, and copied from table by table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from shopper.sql import literal, quoted


class Attached:
    """A database attached as `server`, read only, in one transaction. Each kind says how it is attached.

    place: the address of the database, without user and password; schema: the usual one; secrets: values that messages
    must not show.
    """

    schema: str = "main"
    secrets: tuple[str, ...] = ()

    def __init__(self, connection: duckdb.DuckDBPyConnection, place: str) -> None:
        """Store the arguments."""
        self.connection = connection
        self.place = place

    def attach(self) -> None:
        """Connect, read only."""
        raise NotImplementedError

    def open(self) -> None:
        """Connect and begin a transaction."""
        self.attach()
        self.connection.execute("begin")

    def close(self) -> None:
        """End the transaction and disconnect."""
        self.connection.execute("commit")
        self.connection.execute("detach server")

    def tables(self) -> list[str]:
        """Tables and views, each with its schema."""
        return [
            f"{schema}.{table}"
            for schema, table in self.connection.execute(
                "select schema_name, table_name from duckdb_tables() where database_name = 'server'"
                " union all select schema_name, view_name from duckdb_views() where database_name = 'server'"
                " and not internal"
            ).fetchall()
        ]

    def rows(self, schema: str, table: str, _columns: Sequence[str]) -> str:
        """SQL of all rows of a table."""
        return f"select * from server.{quoted(schema)}.{quoted(table)}"


class DuckDbFile(Attached):
    """A DuckDB file."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, path: Path) -> None:
        """`path` is that of the file."""
        super().__init__(connection, str(path))

    def attach(self) -> None:
        """Open the file, read only."""
        self.connection.execute(f"attach {literal(self.place)} as server (type duckdb, read_only)")
