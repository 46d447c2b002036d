"""Parquet files, combined by column name; and what all readers of files share."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import duckdb

from shopper.errors import BadInput
from shopper.load.shapes import FILE_COLUMN, columns_of, require_free_names
from shopper.load.sources import FileSource
from shopper.sql import literal, quoted, reason

Headers = dict[Path, tuple[str, ...]]
Types = dict[Path, dict[str, str]]
# A folder named `status=cancelled` is a name, not a column: columns come from the file.
FROM_FILE = "hive_partitioning=false"


def read_parquet(
    connection: duckdb.DuckDBPyConnection, source: FileSource, paths: list[Path]
) -> tuple[Headers, str, Types]:
    """The columns of each file, under the names of the mapping, SQL of all rows, and the types of each file's columns.

    Raises BadInput for a file that is no Parquet, lacks a column, or does not go with the others.
    """
    found: Types = {}
    for path in paths:
        try:
            found[path] = columns_of(connection, f"read_parquet({file_literal(path)}, {FROM_FILE})")
        except duckdb.Error as error:
            raise BadInput(f"source {source.name}: {path} is not a readable Parquet file: {reason(error)}") from error
    own = {path: tuple(columns) for path, columns in found.items()}
    headers = {path: source.columns.renamed(names) for path, names in own.items()}
    types = {
        path: dict(zip(header, found[path].values(), strict=True))
        | dict.fromkeys(source.columns.within(own[path]), "VARCHAR")
        for path, header in headers.items()
    }
    for path, header in headers.items():
        source.columns.require(f"source {source.name}: {path}", header)
        require_free_names(f"source {source.name}: {path}", header)
    groups: dict[str, list[Path]] = {}
    for path, header in headers.items():
        renamed = ", ".join(f"{quoted(a)} as {quoted(b)}" for a, b in zip(own[path], header, strict=True) if a != b)
        within = constants(source.columns.within(own[path]))
        groups.setdefault((f" rename ({renamed})" if renamed else "") + within, []).append(path)
    selects = []
    for changes, members in groups.items():
        if len(members) == 1:
            # Not with the option `filename`: DuckDB 1.5 fails on a condition on it if there is one file.
            file = literal(str(members[0]))
            selects.append(
                f"select *{changes}, {file} as {FILE_COLUMN} from read_parquet({file_literal(members[0])}, {FROM_FILE})"
            )
            continue
        files = ", ".join(file_literal(path) for path in members)
        selects.append(
            f"select *{changes} from"
            f" read_parquet([{files}], {FROM_FILE}, union_by_name=true, filename={literal(FILE_COLUMN)})"
        )
    rows = " union all by name ".join(selects)
    try:
        connection.execute(f"describe {rows}")
    except duckdb.Error as error:
        raise BadInput(f"source {source.name}: {names_of(paths)}: {reason(error)}") from error
    return headers, rows, types


def file_literal(path: Path) -> str:
    """A path as a SQL literal for DuckDB's readers, with glob characters escaped."""
    return literal(re.sub(r"([*?\[])", r"[\1]", str(path)))


def names_of(paths: list[Path]) -> str:
    """The paths for a message, at most three."""
    shown = [str(path) for path in paths[:3]]
    return ", ".join(shown) + (f" and {len(paths) - 3} more" if len(paths) > 3 else "")


def constants(texts: Mapping[str, str]) -> str:
    """SQL of additional columns that hold one text each."""
    return "".join(f", {literal(text)} as {quoted(column)}" for column, text in texts.items())
