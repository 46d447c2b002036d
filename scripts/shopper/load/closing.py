"""Closes the engine: from then on it reads the files of a mapping, what lies below its folder, and nothing else.

A mapping's SQL is code of whoever writes it. It may not read other files of the machine or the network, and no query
makes the engine fetch an extension.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import duckdb

from shopper.sql import literal

# What the engine writes beside a database file.
_BESIDE: Final = ("", ".wal", ".wal.checkpoint", ".wal.recovery")


def close_engine(
    connection: duckdb.DuckDBPyConnection, folders: Iterable[Path], files: Iterable[Path], databases: Iterable[Path]
) -> None:
    """Leave to the connection these folders with all below them, these files and these DuckDB files. No way back."""
    paths = [*files, *(path.with_name(path.name + suffix) for path in databases for suffix in _BESIDE)]
    connection.execute(f"set allowed_directories = {_listed(folders)}")
    connection.execute(f"set allowed_paths = {_listed(paths)}")
    connection.execute("set autoinstall_known_extensions = false")
    connection.execute("set autoload_known_extensions = false")
    connection.execute("set enable_external_access = false")


def _listed(paths: Iterable[Path]) -> str:
    return "[" + ", ".join(literal(str(path.absolute())) for path in paths) + "]"
