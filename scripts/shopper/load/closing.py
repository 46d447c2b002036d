"""Closes the engine: from then on it reads the files of a mapping, what lies below its folder, and nothing else.

A mapping's SQL is code of whoever writes it. It may not read other files of the machine or the network, and no query
makes the engine fetch an extension. Whoever loads can allow further folders.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import duckdb

from shopper.errors import BadInput
from shopper.sql import literal, reason

# What the engine writes beside a database file.
_BESIDE: Final = ("", ".wal", ".wal.checkpoint", ".wal.recovery")
_FILE: Final = re.compile(r'Cannot access (?:file|directory) "(.+?)" - file system operations are disabled')
_REMOTE: Final = re.compile(r"File (\S+://\S*) requires the extension")
_EXTENSION: Final = re.compile(
    r'(?:with name "?(.+?)"? is not in the catalog.*? in|File (\S+) requires) the (?:extension )?(\w+)'
)


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


def folders_of(given: Iterable[Path]) -> tuple[Path, ...]:
    """Further folders that SQL may read. Raises BadInput for one that is not there."""
    folders = tuple(given)
    for folder in folders:
        if not folder.is_dir():
            raise BadInput(f"also read {folder}: there is no such folder")
    return folders


def refusal(error: duckdb.Error) -> str:
    """The engine's message, in the words of this project where the engine was closed to what the SQL wanted."""
    message = reason(error)
    file, remote, extension = (pattern.search(message) for pattern in (_FILE, _REMOTE, _EXTENSION))
    if file:
        return (
            f"{file[1]}: SQL of a mapping reads the mapped files and what lies below the mapping's folder; --also-read"
            " FOLDER (`also_read` below `load` in the configuration of a run) allows one more folder"
        )
    if remote:
        return f"{remote[1]}: SQL of a mapping reads nothing from the network; name a source with this path instead"
    if extension:
        return f"{extension[1] or extension[2]} needs DuckDB's extension {extension[3]}; SQL of a mapping loads none"
    return message


def _listed(paths: Iterable[Path]) -> str:
    return "[" + ", ".join(literal(str(path.absolute())) for path in paths) + "]"
