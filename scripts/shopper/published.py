"""Reads published files: for reports, for the dashboard, for explanations and for assistants.

A publication may hold only some marts, or some of their columns.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, TypeVar

import duckdb

from shopper.errors import ShopperError
from shopper.publish.generations import JSON_REPORT
from shopper.sql import literal

_T = TypeVar("_T")
# Quarantined rows and zones are read in UTC, as dbt wrote them.
_SETTINGS: Final = {
    "TimeZone": "UTC",
    "enable_external_access": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "python_enable_replacements": False,
}


class Unpublished(ShopperError):
    """Nothing can be read in the folder of publications."""


@dataclass(frozen=True)
class Release:
    """The folder of a generation, and what is written beside its file."""

    folder: Path

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """Content of generation.json; empty where it can't be read."""
        return self.document("generation.json")

    @cached_property
    def report(self) -> dict[str, Any]:
        """Content of report.json; empty where the generation was not published by a run."""
        return self.document(JSON_REPORT)

    @property
    def file(self) -> Path:
        """The published file. Raises FileNotFoundError."""
        files = sorted(self.folder.glob("*.duckdb"))
        if not files:
            raise FileNotFoundError(f"no .duckdb file in {self.folder}")
        return files[0]

    def document(self, name: str) -> dict[str, Any]:
        """A JSON file of the generation; empty where it can't be read."""
        try:
            found = json.loads((self.folder / name).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}


def current(publish: Path, read: Callable[[Path], _T]) -> _T:
    """What `read` makes of the folder of the generation that `current` leads to now. The link is resolved once.

    Raises Unpublished where there is none, or its file can't be read.
    """
    for _attempt in range(3):
        link = publish / "current"
        if not link.is_dir():
            raise Unpublished(f"{publish}: nothing is published there; run `make build` or `shopper run` first")
        folder = link.resolve()
        try:
            return read(folder)
        except (OSError, duckdb.Error) as error:
            # A publication may have removed the generation since the link was read.
            if folder.is_dir() and link.resolve() == folder:
                raise Unpublished(f"{folder}: its file can't be read ({error})") from error
    raise Unpublished(f"{publish}: the publication changes too fast to be read")


def read_only(file: Path, **settings: object) -> duckdb.DuckDBPyConnection:
    """A connection that can neither write, nor read other files, nor be set otherwise. Raises duckdb.Error."""
    connection = duckdb.connect(str(file), read_only=True)
    try:
        lock(connection, **settings)
    except duckdb.Error:
        connection.close()
        raise
    return connection


def lock(connection: duckdb.DuckDBPyConnection, **settings: object) -> None:
    """Forbid a connection everything but its open databases, for good. settings: further ones, by DuckDB's names."""
    # DuckDB opens a file once in a process: another connection has locked it already, with the same settings.
    if connection.execute("select current_setting('lock_configuration')").fetchone() == (True,):
        return
    for name, value in {**_SETTINGS, **settings}.items():
        connection.execute(f"set global {name} = {literal(str(value))}")
    connection.execute("set global lock_configuration = true")


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
