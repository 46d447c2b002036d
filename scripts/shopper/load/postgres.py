"""Reads PostgreSQL tables with DuckDB's postgres extension, which is installed as a Python package.

All tables of one connection are copied in one transaction, so they show the same state of the database.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import duckdb

from shopper.errors import BadInput
from shopper.load.deliveries import DeliveredFile, Delivery, FileColumns, ReadSource
from shopper.load.entries import suggestion
from shopper.load.shapes import FILE_COLUMN, columns_of
from shopper.load.sources import PostgresSource, connection_of
from shopper.sql import literal, quoted, reason

PACKAGE = "duckdb_extension_postgres_scanner"
_SETTING = re.compile(r"(\w+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|(\S+))")


def read_postgres(connection: duckdb.DuckDBPyConnection, sources: Sequence[PostgresSource]) -> list[ReadSource]:
    """Copy tables into the relations named like their sources, in the given order.

    Raises BadInput if the extension or a table is missing or the server refuses. Messages never contain a password.
    """
    connection.execute(f"load {literal(str(_extension()))}")
    read: dict[str, ReadSource] = {}
    for text in dict.fromkeys(source.connection for source in sources):
        members = [source for source in sources if source.connection == text]
        settings, secrets = connection_of(members[0])
        try:
            connection.execute(f"attach {literal(settings)} as server (type postgres, read_only)")
            connection.execute("begin")
            for source in members:
                read[source.name] = _copy(connection, source, _server_of(settings))
            connection.execute("commit")
            connection.execute("detach server")
        except duckdb.Error as error:
            text = _redacted(reason(error), secrets)
            raise BadInput(f"source {', '.join(source.name for source in members)}: {text}") from None
    return [read[source.name] for source in sources]


def _extension() -> Path:
    """Path of the extension file in its package. Its version must be that of DuckDB."""
    package = find_spec(PACKAGE)
    folders = list(package.submodule_search_locations or ()) if package else []
    wanted = Path("extensions", f"v{duckdb.__version__}", "postgres_scanner.duckdb_extension")
    for folder in folders:
        if (Path(folder) / wanted).is_file():
            return Path(folder) / wanted
    raise BadInput(
        "reading PostgreSQL needs DuckDB's extension as a package:"
        f" pip install duckdb-extension-postgres-scanner=={duckdb.__version__}"
    )


def _copy(connection: duckdb.DuckDBPyConnection, source: PostgresSource, place: str) -> ReadSource:
    """Copy one table. Numerics without a precision are read as text, since DuckDB would round them to doubles."""
    name, relation = f"{source.schema}.{source.table}", f"{quoted(source.schema)}.{quoted(source.table)}"
    tables = [
        f"{schema}.{table}"
        for schema, table in connection.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = 'server'"
            " union all select schema_name, view_name from duckdb_views() where database_name = 'server'"
        ).fetchall()
    ]
    if name not in tables:
        raise BadInput(f"source {source.name}: the server has no table {name}{suggestion(name, tables)}")
    columns = tuple(columns_of(connection, f"server.{relation}"))
    unlimited = {
        row[0]
        for row in connection.execute(
            _remote_query(
                "select attname from pg_attribute where not attisdropped and atttypid = 'numeric'::regtype and"
                f" atttypmod = -1 and attrelid = {literal(relation)}::regclass"
            )
        ).fetchall()
    }
    selected = f"select * from server.{relation}"
    if unlimited:
        texts = (f"{quoted(c)}::text as {quoted(c)}" if c in unlimited else quoted(c) for c in columns)
        selected = _remote_query(f"select {', '.join(texts)} from {relation}")
    file = f"{place}/{name}"
    connection.execute(
        f"create table read.{quoted(source.name)} as select *, {literal(file)} as {FILE_COLUMN} from ({selected})"
    )
    connection.execute(
        f"create view {quoted(source.name)} as select * exclude ({FILE_COLUMN}) from read.{quoted(source.name)}"
    )
    rows, digest, size = _content(connection, source.name)
    delivered = DeliveredFile(file, digest, size, 0)
    return ReadSource(
        Delivery(source.name, (delivered,)), columns, (FileColumns(file, quoted(source.name), columns),), rows, 0
    )


def _remote_query(query: str) -> str:
    """SQL that runs a query on the server."""
    return f"select * from postgres_query('server', {literal(query)})"


def _content(connection: duckdb.DuckDBPyConnection, source: str) -> tuple[int, str, int]:
    """Number of rows, a digest of their content that ignores row order, and the size of their text in bytes."""
    rows, size, *sums = connection.execute(
        "select count(*), coalesce(sum(strlen(content)), 0), bit_xor(md5_number_upper(content)),"
        f" sum(md5_number_lower(content)) from (select to_json(rows) as content from {quoted(source)} as rows)"
    ).fetchone() or (0, 0)
    header = columns_of(connection, quoted(source))
    return rows, hashlib.sha256(repr((header, rows, sums)).encode()).hexdigest(), int(size)


def _server_of(settings: str) -> str:
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


def _redacted(text: str, secrets: tuple[str, ...]) -> str:
    """The text with the values of environment variables removed."""
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret.replace("'", "''"), "***").replace(secret, "***")
    return text
