"""PostgreSQL servers, attached with DuckDB's extension."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from urllib.parse import quote, urlsplit

import duckdb

from shopper.extensions import load_extension
from shopper.load.attached import Attached
from shopper.load.variables import VARIABLE, variable
from shopper.sql import literal, quoted

_SETTING = re.compile(r"(\w+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|(\S+))")


class Postgres(Attached):
    """A PostgreSQL server."""

    schema = "public"

    def __init__(self, connection: duckdb.DuckDBPyConnection, location: str, what: str) -> None:
        """Read the connection. Raises BadInput for a missing extension or variable."""
        load_extension(connection, "postgres_scanner", "reading PostgreSQL")
        self._settings, self.secrets = _connection_of(location, what)
        super().__init__(connection, _place_of(self._settings))

    def attach(self) -> None:
        """Connect, read only."""
        self.connection.execute(f"attach {literal(self._settings)} as server (type postgres, read_only)")

    def rows(self, schema: str, table: str, columns: Sequence[str]) -> str:
        """SQL of all rows. Numerics without a precision are read as text, since DuckDB would round them to doubles."""
        relation = f"{quoted(schema)}.{quoted(table)}"
        unlimited = {
            row[0]
            for row in self.connection.execute(
                _remote(
                    "select attname from pg_attribute where not attisdropped and atttypid = 'numeric'::regtype and"
                    f" atttypmod = -1 and attrelid = {literal(relation)}::regclass"
                )
            ).fetchall()
        }
        if not unlimited:
            return super().rows(schema, table, columns)
        texts = (f"{quoted(c)}::text as {quoted(c)}" if c in unlimited else quoted(c) for c in columns)
        return _remote(f"select {', '.join(texts)} from {relation}")


def _remote(query: str) -> str:
    """SQL that runs a query on the server."""
    return f"select * from postgres_query('server', {literal(query)})"


def _connection_of(location: str, what: str) -> tuple[str, tuple[str, ...]]:
    """The connection string with environment variables replaced and quoted, and their values in every form, so that
    messages can hide them.
    """
    secrets: list[str] = []

    def value(match: re.Match[str]) -> str:
        raw = variable(match.group(1), what)
        escaped = raw.replace("\\", "\\\\").replace("'", "\\'")
        secrets.extend((raw, escaped, quote(raw, safe="")))
        if match.group(0) == location.strip():
            return raw
        if "://" in location:
            return quote(raw, safe="")
        return f"'{escaped}'" if location[: match.start()].endswith("=") else escaped

    return VARIABLE.sub(value, location), tuple(secrets)


def _place_of(settings: str) -> str:
    """The server of a connection, without user and password."""
    if "://" in settings:
        parts = urlsplit(settings)
        host, port, database = parts.hostname, parts.port, parts.path.lstrip("/")
    else:
        found = {key: quoted_value or plain for key, quoted_value, plain in _SETTING.findall(settings)}
        host, port, database = found.get("host"), found.get("port"), found.get("dbname", "")
    host = host or os.environ.get("PGHOST", "localhost")
    return (
        f"postgresql://{host}:{port or os.environ.get('PGPORT', 5432)}/{database or os.environ.get('PGDATABASE', '')}"
    )
